/* Reads what the index and followers need of entries in their canonical form, and nothing else of them.

   listing.py does the same where there is no compiler; tests compare them. Whatever is unusual, such as
   a member out of its place, a letter behind a stroke or a number that is no integer, is not read here. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

#define MAX_NAMES 32
#define MAX_KINDS 64
#define MAX_DIGITS 18
#define COLUMNS 9

/* Some bytes of an entry. */
typedef struct {
    const char *data;
    Py_ssize_t size;
} Span;

static int is_same(Span one, Span other)
{
    return one.size == other.size && !memcmp(one.data, other.data, (size_t)one.size);
}

/* Find what follows a string whose first mark stands before `at`; nothing, if it does not end. */
static const char *behind_string(const char *at, const char *end)
{
    const char *begin = at;
    while (at < end && (at = memchr(at, '"', (size_t)(end - at)))) {
        const char *stroke = at;
        while (stroke > begin && stroke[-1] == '\\')
            stroke--;
        at++;
        if ((at - 1 - stroke) % 2 == 0)
            return at;
    }
    return NULL;
}

/* Find what follows an object or a list that begins at `at`; nothing, if it does not end. */
static const char *behind_nested(const char *at, const char *end)
{
    Py_ssize_t depth = 0;
    while (at < end) {
        char letter = *at++;
        if (letter == '"') {
            if (!(at = behind_string(at, end)))
                return NULL;
        } else if (letter == '{' || letter == '[') {
            depth++;
        } else if ((letter == '}' || letter == ']') && !--depth) {
            return at;
        }
    }
    return NULL;
}

/* Find what follows a value; nothing, if there is none or it does not end. */
static const char *behind_value(const char *at, const char *end)
{
    if (at >= end)
        return NULL;
    if (*at == '"')
        return behind_string(at + 1, end);
    if (*at == '{' || *at == '[')
        return behind_nested(at, end);
    const char *begin = at;
    while (at < end && *at != ',' && *at != '}' && *at != ']')
        at++;
    return at > begin ? at : NULL;
}

/* Find members of an object by their names; both are in order. Tell whether all of them are there. */
static int find_members(Span object, const Span *names, Py_ssize_t count, Span *found)
{
    const char *at = object.data, *end = at + object.size;
    Py_ssize_t next = 0;
    if (object.size < 2 || *at++ != '{' || end[-1] != '}')
        return 0;
    for (end--; at < end; at++) {
        if (*at++ != '"')
            return 0;
        Span name = {at, 0};
        if (!(at = behind_string(at, end)) || at >= end || *at != ':')
            return 0;
        name.size = at - 1 - name.data;
        Span value = {++at, 0};
        if (!(at = behind_value(at, end)) || (at < end && *at != ','))
            return 0;
        value.size = at - value.data;
        if (next < count && is_same(name, names[next]))
            found[next++] = value;
    }
    return next == count;
}

/* Give a string that has nothing behind a stroke, and is no longer than so many bytes. */
static int plain_string(Span value, Py_ssize_t longest, Span *inner)
{
    if (value.size < 2 || value.size - 2 > longest || value.data[0] != '"')
        return 0;
    inner->data = value.data + 1;
    inner->size = value.size - 2;
    return !memchr(inner->data, '\\', (size_t)inner->size);
}

/* Make a text, or give None where it is no UTF-8, or NULL with an error. */
static PyObject *text_of(Span span)
{
    PyObject *text = PyUnicode_DecodeUTF8(span.data, span.size, NULL);
    if (!text && PyErr_ExceptionMatches(PyExc_UnicodeDecodeError)) {
        PyErr_Clear();
        return Py_NewRef(Py_None);
    }
    return text;
}

static int integer_of(Span value, long long *number)
{
    const char *at = value.data, *end = at + value.size;
    int is_less = at < end && *at == '-';
    at += is_less;
    if (at == end || end - at > MAX_DIGITS || (*at == '0' && (end - at > 1 || is_less)))
        return 0;
    for (*number = 0; at < end; at++) {
        if (*at < '0' || *at > '9')
            return 0;
        *number = 10 * *number + (*at - '0');
    }
    if (is_less)
        *number = -*number;
    return 1;
}

/* --- Rows of the index ------------------------------------------------------------------------------ */

enum { ACTOR, AT, BODY, ID, KIND, PRODUCER, SEQ, SUBJECT, MEMBERS };
static const Span MEMBER[MEMBERS] = {
    {"actor", 5}, {"at", 2}, {"body", 4}, {"id", 2}, {"kind", 4}, {"producer", 8}, {"seq", 3}, {"subject", 7},
};

/* A kind that some of these entries have. */
typedef struct {
    Span span;
    PyObject *text;
    Py_ssize_t many;
} Kind;

typedef struct {
    Span member[MEMBERS];
    long long seq;
    int kind;
} Outline;

typedef struct {
    Kind kinds[MAX_KINDS];
    int count;
} Kinds;

/* What became of a reading: read, unusual (nothing is said of it here), or an error is set. */
typedef enum { READ, UNUSUAL, FAILED } Told;

static Told note_kind(Kinds *kinds, Span span, int *place)
{
    for (*place = 0; *place < kinds->count; ++*place) {
        if (is_same(kinds->kinds[*place].span, span)) {
            kinds->kinds[*place].many++;
            return READ;
        }
    }
    if (kinds->count == MAX_KINDS)
        return UNUSUAL;
    PyObject *text = text_of(span);
    if (!text)
        return FAILED;
    if (text == Py_None) {
        Py_DECREF(text);
        return UNUSUAL;
    }
    PyUnicode_InternInPlace(&text);
    kinds->kinds[kinds->count++] = (Kind){span, text, 1};
    return READ;
}

static Told outline(PyObject *entry, Outline *of, Kinds *kinds)
{
    if (!PyBytes_CheckExact(entry)) {
        PyErr_SetString(PyExc_TypeError, "an entry is bytes");
        return FAILED;
    }
    Span whole = {PyBytes_AS_STRING(entry), PyBytes_GET_SIZE(entry)}, *member = of->member;
    if (!find_members(whole, MEMBER, MEMBERS, member) || !plain_string(member[ID], 80, &member[ID]) ||
        !plain_string(member[KIND], 100, &member[KIND]) || !plain_string(member[AT], 100, &member[AT]) ||
        !plain_string(member[PRODUCER], 60, &member[PRODUCER]) || !integer_of(member[SEQ], &of->seq))
        return UNUSUAL;
    return note_kind(kinds, member[KIND], &of->kind);
}

/* Name who did it, or to what, as the entry before if that says the same. */
static PyObject *named(PyObject *name, Span span, Span *before, PyObject **known)
{
    if (!*known || !is_same(span, *before)) {
        PyObject *written = PyBytes_FromStringAndSize(span.data, span.size);
        PyObject *text = written ? PyObject_CallOneArg(name, written) : NULL;
        Py_XDECREF(written);
        if (!text)
            return NULL;
        Py_XSETREF(*known, text);
        *before = span;
    }
    return Py_NewRef(*known);
}

/* What was named last. */
typedef struct {
    PyObject *name;
    Span span;
    PyObject *text;
} Last;

static PyObject *row_of(long long index, const Outline *of, const Kind *kind, Last last[2], int is_said)
{
    const Span *member = of->member;
    PyObject *actor = named(last[0].name, member[ACTOR], &last[0].span, &last[0].text);
    PyObject *subject = actor ? named(last[1].name, member[SUBJECT], &last[1].span, &last[1].text) : NULL;
    PyObject *row = subject ? PyTuple_New(COLUMNS) : NULL;
    if (!row) {
        Py_XDECREF(actor);
        Py_XDECREF(subject);
        return NULL;
    }
    PyObject *column[COLUMNS] = {
        PyLong_FromLongLong(index),
        text_of(member[ID]),
        Py_NewRef(kind->text),
        text_of(member[AT]),
        actor,
        subject,
        text_of(member[PRODUCER]),
        PyLong_FromLongLong(of->seq),
        is_said ? text_of(member[BODY]) : Py_NewRef(Py_None),
    };
    int is_whole = 1;
    for (int n = 0; n < COLUMNS; n++) {
        is_whole = is_whole && column[n];
        PyTuple_SET_ITEM(row, n, column[n]);
    }
    if (!is_whole)
        Py_CLEAR(row);
    return row;
}

/* Tell whether every column but the last is there; of a text that is no UTF-8 there is None. */
static int is_usual(PyObject *row, int is_said)
{
    for (int n = 0; n < COLUMNS - !is_said; n++)
        if (PyTuple_GET_ITEM(row, n) == Py_None)
            return 0;
    return 1;
}

static PyObject *rows_of(long long first, PyObject *entries, Outline *of, Kinds *kinds, Last last[2], Py_ssize_t often)
{
    Py_ssize_t count = PyList_GET_SIZE(entries);
    for (Py_ssize_t n = 0; n < count; n++) {
        Told told = outline(PyList_GET_ITEM(entries, n), &of[n], kinds);
        if (told != READ)
            return told == UNUSUAL ? Py_NewRef(Py_None) : NULL;
    }
    PyObject *rows = PyList_New(count);
    for (Py_ssize_t n = 0; rows && n < count; n++) {
        const Kind *kind = &kinds->kinds[of[n].kind];
        int is_said = !often || kind->many < often;
        PyObject *row = row_of(first + n, &of[n], kind, last, is_said);
        if (!row || !is_usual(row, is_said)) {
            Py_DECREF(rows);
            rows = row ? Py_NewRef(Py_None) : NULL;
            Py_XDECREF(row);
            break;
        }
        PyList_SET_ITEM(rows, n, row);
    }
    return rows;
}

static PyObject *rows(PyObject *module, PyObject *const *given, Py_ssize_t count)
{
    (void)module;
    if (count != 5 || !PyList_CheckExact(given[1])) {
        PyErr_SetString(PyExc_TypeError, "a place, a list, two that name, and how many are often are needed");
        return NULL;
    }
    long long first = PyLong_AsLongLong(given[0]);
    if (first == -1 && PyErr_Occurred())
        return NULL;
    Py_ssize_t often = PyLong_AsSsize_t(given[4]);
    if (often == -1 && PyErr_Occurred())
        return NULL;
    PyObject *entries = PyList_GetSlice(given[1], 0, PY_SSIZE_T_MAX); /* nobody changes it meanwhile */
    if (!entries)
        return NULL;
    Kinds kinds = {.count = 0};
    Last last[2] = {{given[2], {NULL, 0}, NULL}, {given[3], {NULL, 0}, NULL}};
    PyObject *result = NULL;
    Outline *of = PyMem_Calloc((size_t)PyList_GET_SIZE(entries) + 1, sizeof *of);
    if (of)
        result = rows_of(first, entries, of, &kinds, last, often);
    else
        PyErr_NoMemory();
    PyMem_Free(of);
    for (int n = 0; n < kinds.count; n++)
        Py_DECREF(kinds.kinds[n].text);
    Py_XDECREF(last[0].text);
    Py_XDECREF(last[1].text);
    Py_DECREF(entries);
    return result;
}

/* --- What followers need --------------------------------------------------------------------------- */

/* Add up an object whose values are all integers; tell whether it is one. */
static int sum_of(Span object, long long *sum)
{
    const char *at = object.data, *end = at + object.size;
    if (object.size < 2 || *at++ != '{' || end[-1] != '}')
        return 0;
    *sum = 0;
    for (end--; at < end; at++) {
        long long number;
        if (*at++ != '"' || !(at = behind_string(at, end)) || at >= end || *at != ':')
            return 0;
        Span value = {++at, 0};
        if (!(at = behind_value(at, end)) || (at < end && *at != ','))
            return 0;
        value.size = at - value.data;
        if (value.size > MAX_DIGITS / 2 || !integer_of(value, &number))
            return 0; /* so large that it might not be held in the end */
        *sum += number;
    }
    return 1;
}

/* Give a text, an integer, or the sum of an object's; None for an empty list. For anything else there
   is nothing, without an error. */
static PyObject *value_of(Span value)
{
    Span inner;
    long long number;
    if (plain_string(value, PY_SSIZE_T_MAX, &inner)) {
        PyObject *text = text_of(inner);
        if (text == Py_None)
            Py_CLEAR(text);
        return text;
    }
    if (integer_of(value, &number) || sum_of(value, &number))
        return PyLong_FromLongLong(number);
    if (value.size == 2 && !memcmp(value.data, "[]", 2))
        return Py_NewRef(Py_None);
    return NULL;
}

static PyObject *picked(PyObject *module, PyObject *const *given, Py_ssize_t count)
{
    (void)module;
    static const Span OUTER[3] = {{"actor", 5}, {"at", 2}, {"body", 4}}, OF_ACTOR[1] = {{"id", 2}};
    Span outer[3], names[MAX_NAMES], found[MAX_NAMES + 2];
    if (count != 2 || !PyBytes_CheckExact(given[0]) || !PyTuple_CheckExact(given[1]) ||
        PyTuple_GET_SIZE(given[1]) > MAX_NAMES) {
        PyErr_SetString(PyExc_TypeError, "an entry and some names are needed");
        return NULL;
    }
    Py_ssize_t many = PyTuple_GET_SIZE(given[1]);
    for (Py_ssize_t n = 0; n < many; n++) {
        PyObject *name = PyTuple_GET_ITEM(given[1], n);
        if (!PyBytes_CheckExact(name)) {
            PyErr_SetString(PyExc_TypeError, "a name is bytes");
            return NULL;
        }
        names[n] = (Span){PyBytes_AS_STRING(name), PyBytes_GET_SIZE(name)};
    }
    Span whole = {PyBytes_AS_STRING(given[0]), PyBytes_GET_SIZE(given[0])};
    if (!find_members(whole, OUTER, 3, outer) || !find_members(outer[0], OF_ACTOR, 1, found) ||
        !find_members(outer[2], names, many, found + 2))
        Py_RETURN_NONE;
    found[1] = outer[1];
    PyObject *values = PyTuple_New(many + 2);
    for (Py_ssize_t n = 0; values && n < many + 2; n++) {
        PyObject *value = value_of(found[n]);
        if (value) {
            PyTuple_SET_ITEM(values, n, value);
            continue;
        }
        Py_CLEAR(values);
        if (!PyErr_Occurred())
            Py_RETURN_NONE;
    }
    return values;
}

/* --- Looking for words ------------------------------------------------------------------------------ */

#define PIECE 16384

/* Tell whether words stand in some bytes, once large letters of ASCII are small. */
static int stands_in(const char *data, Py_ssize_t size, const char *words, Py_ssize_t length)
{
    char piece[PIECE];
    for (Py_ssize_t begin = 0; begin + length <= size; begin += PIECE - length + 1) {
        Py_ssize_t many = size - begin < PIECE ? size - begin : PIECE;
        for (Py_ssize_t n = 0; n < many; n++) {
            char letter = data[begin + n];
            piece[n] = (char)(letter + 32 * (letter >= 'A' && letter <= 'Z'));
        }
        const char *at = piece, *last = piece + many - length;
        while (at <= last && (at = memchr(at, words[0], (size_t)(last - at + 1)))) {
            if (!memcmp(at, words, (size_t)length))
                return 1;
            at++;
        }
    }
    return 0;
}

static PyObject *says(PyObject *module, PyObject *const *given, Py_ssize_t count)
{
    (void)module;
    if (count != 2 || !PyBytes_CheckExact(given[0]) || !PyBytes_CheckExact(given[1])) {
        PyErr_SetString(PyExc_TypeError, "bytes and words are needed");
        return NULL;
    }
    const char *data = PyBytes_AS_STRING(given[0]), *words = PyBytes_AS_STRING(given[1]);
    Py_ssize_t size = PyBytes_GET_SIZE(given[0]), length = PyBytes_GET_SIZE(given[1]);
    if (!length || length > PIECE / 2)
        Py_RETURN_NONE;
    int found;
    Py_BEGIN_ALLOW_THREADS /* the caller holds both */
    found = stands_in(data, size, words, length);
    Py_END_ALLOW_THREADS
    return PyBool_FromLong(found);
}

static PyMethodDef functions[] = {
    {"rows", (PyCFunction)(void (*)(void))rows, METH_FASTCALL,
     "Give the rows of entries in a row, or None where one of them is unusual."},
    {"picked", (PyCFunction)(void (*)(void))picked, METH_FASTCALL,
     "Give who made an entry, when, and some of what it says, or None where it is unusual."},
    {"says", (PyCFunction)(void (*)(void))says, METH_FASTCALL,
     "Tell whether words in small letters stand in bytes, or give None for none or too long ones."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {{0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_listing", "Reads what is needed of entries.", 0, functions, module_slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__listing(void)
{
    return PyModuleDef_Init(&module);
}
