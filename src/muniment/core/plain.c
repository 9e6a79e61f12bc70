/* Writes plain values as canonical JSON, looking in the same pass whether anything of them needs refusing.

   canonical.py does the same where there is no compiler; tests compare them. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

#include "plain_moments.h"

#define MAX_DEPTH 64
#define MAX_SAFE 9007199254740991LL
#define MAX_KEYS 64
#define FIRST_ROOM 2048

/* What was written so far. */
typedef struct {
    char *data;
    Py_ssize_t size, room;
    char first[FIRST_ROOM]; /* where it stands as long as it is short */
} Text;

/* What became of a value: written, unusual (nothing is said of it here), or an error is set. */
typedef enum { WRITTEN, UNUSUAL, FAILED } Told;

static Told put_value(Text *text, PyObject *value, long depth);

static int make_room(Text *text, Py_ssize_t more)
{
    if (more <= text->room - text->size)
        return 0;
    if (more > PY_SSIZE_T_MAX / 4 || text->size > PY_SSIZE_T_MAX / 4) {
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t room = 2 * (text->size + more);
    int is_first = text->data == text->first;
    char *data = PyMem_Realloc(is_first ? NULL : text->data, (size_t)room);
    if (!data) {
        PyErr_NoMemory();
        return -1;
    }
    if (is_first)
        memcpy(data, text->first, (size_t)text->size);
    text->data = data;
    text->room = room;
    return 0;
}

static Told put(Text *text, const char *from, Py_ssize_t size)
{
    if (make_room(text, size))
        return FAILED;
    memcpy(text->data + text->size, from, (size_t)size);
    text->size += size;
    return WRITTEN;
}

/* Write a letter of ASCII as it stands in a string; there is room for it. */
static void put_letter(Text *text, unsigned char letter)
{
    static const char digits[] = "0123456789abcdef";
    static const char named[0x20] = {[8] = 'b', [9] = 't', [10] = 'n', [12] = 'f', [13] = 'r'};
    char *to = text->data + text->size;
    if (letter >= 0x20) {
        if (letter == '"' || letter == '\\')
            *to++ = '\\';
        *to++ = (char)letter;
    } else if (named[letter]) {
        *to++ = '\\';
        *to++ = named[letter];
    } else {
        memcpy(to, "\\u00", 4);
        to[4] = digits[letter >> 4];
        to[5] = digits[letter & 15];
        to += 6;
    }
    text->size = to - text->data;
}

static int stands_as_it_is(unsigned char letter)
{
    return letter >= 0x20 && letter != '"' && letter != '\\';
}

static Told put_ascii(Text *text, const unsigned char *from, Py_ssize_t size)
{
    Py_ssize_t plain = 0;
    while (plain < size && stands_as_it_is(from[plain]))
        plain++;
    if (size > PY_SSIZE_T_MAX / 32 || make_room(text, 2 + plain + 6 * (size - plain)))
        return FAILED;
    text->data[text->size++] = '"';
    memcpy(text->data + text->size, from, (size_t)plain);
    text->size += plain;
    for (Py_ssize_t at = plain; at < size; at++)
        put_letter(text, from[at]);
    text->data[text->size++] = '"';
    return WRITTEN;
}

/* Write a letter beyond ASCII as UTF-8; there is room for it. */
static void put_far(Text *text, Py_UCS4 letter)
{
    unsigned char *to = (unsigned char *)text->data + text->size;
    int more = letter < 0x800 ? 1 : letter < 0x10000 ? 2 : 3;
    static const unsigned char first[4] = {0, 0xc0, 0xe0, 0xf0};
    *to++ = (unsigned char)(first[more] | letter >> (6 * more));
    while (more--)
        *to++ = (unsigned char)(0x80 | (letter >> (6 * more) & 0x3f));
    text->size = (char *)to - text->data;
}

static Told put_wide(Text *text, PyObject *value)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(value);
    int kind = PyUnicode_KIND(value);
    const void *data = PyUnicode_DATA(value);
    if (size > PY_SSIZE_T_MAX / 32 || make_room(text, 2 + 6 * size))
        return FAILED;
    text->data[text->size++] = '"';
    for (Py_ssize_t at = 0; at < size; at++) {
        Py_UCS4 letter = PyUnicode_READ(kind, data, at);
        if (letter >= 0xd800 && letter < 0xe000)
            return UNUSUAL; /* half of a surrogate pair */
        if (letter < 0x80)
            put_letter(text, (unsigned char)letter);
        else
            put_far(text, letter);
    }
    text->data[text->size++] = '"';
    return WRITTEN;
}

static Told put_text(Text *text, PyObject *value)
{
    if (!PyUnicode_IS_COMPACT_ASCII(value))
        return put_wide(text, value);
    return put_ascii(text, PyUnicode_1BYTE_DATA(value), PyUnicode_GET_LENGTH(value));
}

static Told put_number(Text *text, PyObject *value)
{
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(value, &overflow);
    char digits[24];
    if (number == -1 && PyErr_Occurred())
        return FAILED;
    if (overflow || number > MAX_SAFE || number < -MAX_SAFE)
        return UNUSUAL;
    unsigned long long rest = number < 0 ? 0 - (unsigned long long)number : (unsigned long long)number;
    char *at = digits + sizeof digits;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--at = '-';
    return put(text, at, digits + sizeof digits - at);
}

static Told put_list(Text *text, PyObject *value, long depth)
{
    if (depth >= MAX_DEPTH)
        return UNUSUAL;
    Told told = put(text, "[", 1);
    for (Py_ssize_t n = 0; told == WRITTEN && n < PySequence_Fast_GET_SIZE(value); n++) {
        if (n)
            told = put(text, ",", 1);
        if (told == WRITTEN)
            told = put_value(text, PySequence_Fast_GET_ITEM(value, n), depth + 1);
    }
    return told == WRITTEN ? put(text, "]", 1) : told;
}

static int is_before(PyObject *one, PyObject *other)
{
    Py_ssize_t length = PyUnicode_GET_LENGTH(one), others = PyUnicode_GET_LENGTH(other);
    Py_ssize_t shared = length < others ? length : others;
    int order = memcmp(PyUnicode_1BYTE_DATA(one), PyUnicode_1BYTE_DATA(other), (size_t)shared);
    return order < 0 || (order == 0 && length < others);
}

static Told put_object(Text *text, PyObject *value, long depth)
{
    PyObject *keys[MAX_KEYS], *values[MAX_KEYS], *key, *inner;
    Py_ssize_t count = 0, place = 0;
    if (depth >= MAX_DEPTH || PyDict_GET_SIZE(value) > MAX_KEYS)
        return UNUSUAL;
    while (PyDict_Next(value, &place, &key, &inner)) {
        if (!PyUnicode_CheckExact(key) || !PyUnicode_IS_COMPACT_ASCII(key) || count == MAX_KEYS)
            return UNUSUAL;
        Py_ssize_t at = count++;
        for (; at && is_before(key, keys[at - 1]); at--) {
            keys[at] = keys[at - 1];
            values[at] = values[at - 1];
        }
        keys[at] = key;
        values[at] = inner;
    }
    Told told = put(text, "{", 1);
    for (Py_ssize_t n = 0; told == WRITTEN && n < count; n++) {
        if (n)
            told = put(text, ",", 1);
        if (told == WRITTEN)
            told = put_text(text, keys[n]);
        if (told == WRITTEN)
            told = put(text, ":", 1);
        if (told == WRITTEN)
            told = put_value(text, values[n], depth + 1);
    }
    return told == WRITTEN ? put(text, "}", 1) : told;
}

static Told put_value(Text *text, PyObject *value, long depth)
{
    if (PyUnicode_CheckExact(value))
        return put_text(text, value);
    if (PyLong_CheckExact(value))
        return put_number(text, value);
    if (value == Py_None)
        return put(text, "null", 4);
    if (PyBool_Check(value))
        return value == Py_True ? put(text, "true", 4) : put(text, "false", 5);
    if (PyDict_CheckExact(value))
        return put_object(text, value, depth);
    if (PyTuple_CheckExact(value) || PyList_CheckExact(value))
        return put_list(text, value, depth);
    return UNUSUAL;
}

static PyObject *told_as(Told told, Text *text)
{
    PyObject *result = NULL;
    if (told == WRITTEN)
        result = PyBytes_FromStringAndSize(text->data, text->size);
    else if (told == UNUSUAL)
        result = Py_NewRef(Py_None);
    if (text->data != text->first)
        PyMem_Free(text->data);
    return result;
}

static void begin(Text *text)
{
    text->size = 0;
    text->room = FIRST_ROOM;
    text->data = text->first;
}

static PyObject *plain(PyObject *module, PyObject *const *given, Py_ssize_t count)
{
    (void)module;
    Text text;
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "a value and its depth are needed");
        return NULL;
    }
    long depth = PyLong_AsLong(given[1]);
    if (depth == -1 && PyErr_Occurred())
        return NULL;
    begin(&text);
    return told_as(put_value(&text, given[0], depth), &text);
}

static PyObject *filled(PyObject *module, PyObject *const *given, Py_ssize_t count)
{
    (void)module;
    Text text;
    if (count != 3 || !PyTuple_CheckExact(given[0]) || !PyTuple_CheckExact(given[1])) {
        PyErr_SetString(PyExc_TypeError, "pieces, values and their depth are needed");
        return NULL;
    }
    PyObject *pieces = given[0], *values = given[1];
    Py_ssize_t holes = PyTuple_GET_SIZE(values);
    if (PyTuple_GET_SIZE(pieces) != holes + 1) {
        PyErr_SetString(PyExc_ValueError, "between two pieces stands one value");
        return NULL;
    }
    for (Py_ssize_t n = 0; n <= holes; n++) {
        if (!PyBytes_CheckExact(PyTuple_GET_ITEM(pieces, n))) {
            PyErr_SetString(PyExc_TypeError, "a piece is not bytes");
            return NULL;
        }
    }
    long depth = PyLong_AsLong(given[2]);
    if (depth == -1 && PyErr_Occurred())
        return NULL;
    begin(&text);
    Told told = WRITTEN;
    for (Py_ssize_t n = 0; told == WRITTEN && n <= holes; n++) {
        PyObject *piece = PyTuple_GET_ITEM(pieces, n);
        told = put(&text, PyBytes_AS_STRING(piece), PyBytes_GET_SIZE(piece));
        if (told != WRITTEN || n == holes)
            break;
        PyObject *value = PyTuple_GET_ITEM(values, n);
        if (PyBytes_CheckExact(value))
            told = put(&text, PyBytes_AS_STRING(value), PyBytes_GET_SIZE(value));
        else
            told = put_value(&text, value, depth);
    }
    return told_as(told, &text);
}

static PyMethodDef functions[] = {
    {"plain", (PyCFunction)(void (*)(void))plain, METH_FASTCALL,
     "Write a value at a depth, or give None where anything of it is unusual."},
    {"filled", (PyCFunction)(void (*)(void))filled, METH_FASTCALL,
     "Write values between pieces, bytes as they are, or give None where one is unusual."},
    {"stamped", stamped, METH_O, "Write a time in UTC, or give None where it is in another zone."},
    {"born", (PyCFunction)(void (*)(void))born, METH_FASTCALL,
     "Write an id of a prefix, a time in UTC and letters, or give None where one is unusual."},
    {NULL, NULL, 0, NULL},
};

static int take_time(PyObject *module)
{
    (void)module;
    PyDateTime_IMPORT;
    return PyDateTimeAPI ? 0 : -1;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, take_time}, {0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_plain", "Writes plain values as canonical JSON, and times.", 0, functions,
    module_slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__plain(void)
{
    return PyModuleDef_Init(&module);
}
