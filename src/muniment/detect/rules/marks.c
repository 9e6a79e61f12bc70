/* Collects what an engine finds, cuts out the parts of a text in which a number can stand, and reads the
   words near a value.

   collecting.py, excerpts.py and context.py do the same where there is no compiler; tests compare them. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <structmember.h>

/* ---- What was found */

typedef struct {
    uint64_t start, end;
    uint32_t shape;
} Mark;

typedef struct {
    PyObject_HEAD
    vectorcallfunc call;
    Mark *mark;
    Py_ssize_t count, room, sorted; /* how many there are, may be, and were sorted */
} Marks;

static uint64_t number(PyObject *of)
{
    return PyLong_AsUnsignedLongLong(of);
}

/* Note a match: its shape, its start and its end; what else an engine says does not matter. */
static PyObject *marks_note(PyObject *self, PyObject *const *args, size_t flags, PyObject *names)
{
    Marks *marks = (Marks *)self;
    if (PyVectorcall_NARGS(flags) < 3 || names) {
        PyErr_SetString(PyExc_TypeError, "a match is a shape, a start and an end");
        return NULL;
    }
    if (marks->count == marks->room) {
        Py_ssize_t room = marks->room ? marks->room * 2 : 32;
        Mark *more = PyMem_Realloc(marks->mark, sizeof(Mark) * (size_t)room);
        if (!more)
            return PyErr_NoMemory();
        marks->mark = more;
        marks->room = room;
    }
    Mark *one = &marks->mark[marks->count];
    uint64_t shape = number(args[0]);
    one->shape = (uint32_t)shape;
    one->start = number(args[1]);
    one->end = number(args[2]);
    if (PyErr_Occurred())
        return NULL;
    if (shape > UINT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "there are not so many shapes");
        return NULL;
    }
    marks->count++;
    Py_RETURN_NONE;
}

static int by_place(const void *one, const void *other)
{
    const Mark *first = one, *second = other;
    if (first->start != second->start)
        return first->start < second->start ? -1 : 1;
    if (first->shape != second->shape)
        return first->shape < second->shape ? -1 : 1;
    return first->end < second->end ? -1 : first->end > second->end;
}

/* Sort what was found; few are sorted best by putting each where it belongs. */
static void sort(Marks *marks)
{
    if (marks->sorted == marks->count)
        return;
    marks->sorted = marks->count;
    if (marks->count > 32) {
        qsort(marks->mark, (size_t)marks->count, sizeof(Mark), by_place);
        return;
    }
    for (Py_ssize_t at = 1; at < marks->count; at++) {
        Mark one = marks->mark[at];
        Py_ssize_t to = at;
        for (; to && by_place(&marks->mark[to - 1], &one) > 0; to--)
            marks->mark[to] = marks->mark[to - 1];
        marks->mark[to] = one;
    }
}

/* Take the matches of a shape out of what was found; give where they begin. */
static PyObject *marks_taken(Marks *self, PyObject *of)
{
    uint64_t shape = number(of);
    PyObject *starts = PyErr_Occurred() ? NULL : PyList_New(0);
    Py_ssize_t kept = 0;
    uint64_t last = UINT64_MAX;
    if (!starts)
        return NULL;
    sort(self);
    for (Py_ssize_t at = 0; at < self->count; at++) {
        Mark one = self->mark[at];
        if (one.shape != shape) {
            self->mark[kept++] = one;
        } else if (one.start != last) {
            PyObject *start = PyLong_FromUnsignedLongLong(last = one.start);
            if (!start || PyList_Append(starts, start)) {
                Py_XDECREF(start);
                Py_DECREF(starts);
                return NULL;
            }
            Py_DECREF(start);
        }
    }
    self->count = self->sorted = kept;
    return starts;
}

/* Keep of the matches, in order of place, those that no other of the same shape holds. */
static int keep_outermost(Marks *self)
{
    uint32_t most = 0;
    for (Py_ssize_t at = 0; at < self->count; at++)
        most = self->mark[at].shape > most ? self->mark[at].shape : most;
    uint64_t *reach = PyMem_Calloc((size_t)most + 1, sizeof(uint64_t)); /* one more than it reaches */
    if (!reach) {
        PyErr_NoMemory();
        return -1;
    }
    Py_ssize_t kept = 0;
    for (Py_ssize_t at = 0; at < self->count; at++) {
        const Mark *one = &self->mark[at];
        if (at + 1 < self->count && one[1].start == one->start && one[1].shape == one->shape)
            continue; /* of those that begin together the longest counts */
        if (one->end + 1 <= reach[one->shape])
            continue;
        reach[one->shape] = one->end + 1;
        self->mark[kept++] = *one;
    }
    self->count = self->sorted = kept;
    PyMem_Free(reach);
    return 0;
}

static int take_places(PyObject *list, Py_ssize_t at, int64_t *place)
{
    if (at >= PyList_GET_SIZE(list)) {
        PyErr_SetString(PyExc_ValueError, "a match lies behind the last part");
        return -1;
    }
    *place = PyLong_AsLongLong(PyList_GET_ITEM(list, at));
    return *place == -1 && PyErr_Occurred() ? -1 : 0;
}

/* outermost(ends, moved) -> spans: as `Noted` of collecting.py gives them; empty lists move nothing */
static PyObject *marks_outermost(Marks *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 2 || !PyList_Check(args[0]) || !PyList_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "outermost(ends, moved) needs two lists");
        return NULL;
    }
    int64_t until = INT64_MAX, by = 0;
    Py_ssize_t part = 0;
    if (PyList_GET_SIZE(args[0]) && (take_places(args[0], 0, &until) || take_places(args[1], 0, &by)))
        return NULL;
    sort(self);
    PyObject *spans = keep_outermost(self) ? NULL : PyList_New(self->count);
    for (Py_ssize_t at = 0; spans && at < self->count; at++) {
        const Mark *one = &self->mark[at];
        while ((int64_t)one->start >= until) {
            part++;
            if (take_places(args[0], part, &until) || take_places(args[1], part, &by)) {
                Py_DECREF(spans);
                return NULL;
            }
        }
        PyObject *span = Py_BuildValue("ILL", (unsigned)one->shape, (long long)one->start + by,
                                       (long long)one->end + by);
        if (!span)
            Py_CLEAR(spans);
        else
            PyList_SET_ITEM(spans, at, span);
    }
    return spans;
}

static Py_ssize_t marks_size(Marks *self)
{
    return self->count;
}

static PyObject *marks_new(PyTypeObject *type, PyObject *args, PyObject *names)
{
    if (PyTuple_GET_SIZE(args) || names) {
        PyErr_SetString(PyExc_TypeError, "Marks() needs nothing");
        return NULL;
    }
    Marks *self = (Marks *)type->tp_alloc(type, 0);
    if (self)
        self->call = marks_note;
    return (PyObject *)self;
}

static void marks_free(Marks *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyMem_Free(self->mark);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyMethodDef marks_methods[] = {
    {"taken", (PyCFunction)marks_taken, METH_O,
     "Take the matches of a shape out of what was found; give where they begin."},
    {"outermost", (PyCFunction)(void (*)(void))marks_outermost, METH_FASTCALL,
     "Give the spans that no other span of the same shape holds, in order of place."},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef marks_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Marks, call), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot marks_slots[] = {
    {Py_tp_doc, "What an engine found; it is called for each match."},
    {Py_tp_new, marks_new},
    {Py_tp_dealloc, marks_free},
    {Py_tp_call, PyVectorcall_Call},
    {Py_tp_methods, marks_methods},
    {Py_tp_members, marks_members},
    {Py_sq_length, marks_size},
    {0, NULL},
};

static PyType_Spec marks_spec = {"muniment.detect.rules._marks.Marks", sizeof(Marks), 0,
                                 Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_VECTORCALL, marks_slots};

/* ---- The parts of a text in which a number or a code can stand */

/* The parts so far: where each lies, what they are put together, and how far each was moved. */
typedef struct {
    char *data;
    Py_ssize_t size;
    PyObject *ends, *moved;
} Parts;

static int is_capital(unsigned char each)
{
    return each >= 'A' && each <= 'Z';
}

/* Mark digits, and capitals two by two. */
static void find_marks(const unsigned char *text, Py_ssize_t size, char *mark)
{
    for (Py_ssize_t at = 0; at < size; at++) {
        mark[at] = text[at] >= '0' && text[at] <= '9';
        if (is_capital(text[at]) && at + 1 < size && is_capital(text[at + 1])) {
            mark[at] = 1;
            mark[++at] = 1;
        }
    }
}

static Py_ssize_t next_mark(const char *mark, Py_ssize_t at, Py_ssize_t size)
{
    while (at < size && !mark[at])
        at++;
    return at;
}

static int add_number(PyObject *list, Py_ssize_t of)
{
    PyObject *told = PyLong_FromSsize_t(of);
    int failed = !told || PyList_Append(list, told);
    Py_XDECREF(told);
    return failed;
}

/* Put the parts together; give 1 if they are most of the text, and -1 for an error. */
static int put_together(const char *text, const char *mark, Py_ssize_t size, Py_ssize_t reach, Parts *parts)
{
    Py_ssize_t length = 0, at = next_mark(mark, 0, size);
    while (at < size) {
        Py_ssize_t last = at, start = at > reach ? at - reach : 0, end;
        for (Py_ssize_t next = at + 1; next < size && next <= last + 2 * reach; next++)
            if (mark[next])
                last = next;
        end = last + 1 + reach;
        if (add_number(parts->moved, start - length))
            return -1;
        length += end - start + 1;
        if (add_number(parts->ends, length))
            return -1;
        if (length > size / 2)
            return 1;
        Py_ssize_t taken = (end < size ? end : size) - start;
        if (parts->size)
            parts->data[parts->size++] = '\n';
        memcpy(parts->data + parts->size, text + start, (size_t)taken);
        parts->size += taken;
        at = next_mark(mark, end, size);
    }
    return 0;
}

/* parts(reach, data, after) -> the parts as `Parts` of excerpts.py, or None if nothing is marked behind */
static PyObject *parts_of(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 3 || !PyBytes_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "parts(reach, data, after) needs bytes");
        return NULL;
    }
    const char *text = PyBytes_AS_STRING(args[1]);
    Py_ssize_t size = PyBytes_GET_SIZE(args[1]);
    Py_ssize_t reach = PyLong_AsSsize_t(args[0]), after = PyLong_AsSsize_t(args[2]);
    if (PyErr_Occurred())
        return NULL;
    if (after < 0 || reach < 1 || reach > 1024) {
        PyErr_SetString(PyExc_ValueError, "such parts cannot be");
        return NULL;
    }
    char *mark = PyMem_Malloc((size_t)(2 * size + 1));
    if (!mark)
        return PyErr_NoMemory();
    PyObject *told = NULL;
    Parts parts = {.data = mark + size};
    find_marks((const unsigned char *)text, size, mark);
    if (next_mark(mark, after, size) >= size) {
        told = Py_NewRef(Py_None);
        goto end;
    }
    parts.ends = PyList_New(0);
    parts.moved = PyList_New(0);
    int is_most = parts.ends && parts.moved ? put_together(text, mark, size, reach, &parts) : -1;
    if (is_most == 0)
        told = Py_BuildValue("y#OO", parts.data, parts.size, parts.ends, parts.moved);
    else if (is_most == 1)
        told = Py_BuildValue("O[n][i]", args[1], size + 1, 0);
end:
    Py_XDECREF(parts.ends);
    Py_XDECREF(parts.moved);
    PyMem_Free(mark);
    return told;
}

/* ---- The words near a value */

static int is_letter(char each)
{
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
}

/* Tell whether a small letter stands before a capital: such words are taken apart elsewhere. */
static int has_hump(const char *text, Py_ssize_t start, Py_ssize_t end)
{
    for (Py_ssize_t at = start; at + 1 < end; at++)
        if (text[at] >= 'a' && text[at] <= 'z' && is_capital((unsigned char)text[at + 1]))
            return 1;
    return 0;
}

/* Add the word that begins here, in small letters, and give where it ends; -1 for an error. */
static Py_ssize_t add_word(PyObject *words, const char *text, Py_ssize_t at, Py_ssize_t end)
{
    Py_ssize_t start = at;
    while (at < end && is_letter(text[at]))
        at++;
    PyObject *word = PyUnicode_New(at - start, 127);
    if (!word)
        return -1;
    char *to = (char *)PyUnicode_1BYTE_DATA(word);
    for (Py_ssize_t from = start; from < at; from++)
        *to++ = text[from] | 32;
    int failed = PyList_Append(words, word);
    Py_DECREF(word);
    return failed ? -1 : at;
}

/* Give the words of a part in their order: as many as are asked for, or those from there on. */
static PyObject *words_of(const char *text, Py_ssize_t start, Py_ssize_t end, Py_ssize_t most)
{
    PyObject *words = PyList_New(0);
    for (Py_ssize_t at = start; words && at < end && PyList_GET_SIZE(words) < most;) {
        if (!is_letter(text[at]))
            at++;
        else if ((at = add_word(words, text, at, end)) < 0)
            Py_CLEAR(words);
    }
    return words;
}

/* Take the text and the numbers that a function is called with; 1 if it is not of ASCII alone. */
static int take_place(PyObject *const *args, Py_ssize_t count, Py_ssize_t wanted, Py_ssize_t *number)
{
    if (count != wanted || !PyUnicode_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "a text, a place in it and what is read are needed");
        return -1;
    }
    for (Py_ssize_t at = 1; at < wanted; at++) {
        number[at] = PyLong_AsSsize_t(args[at]);
        if (number[at] < 0 || (at > 1 && number[at] > 1024)) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_ValueError, "such a place cannot be");
            return -1;
        }
    }
    number[0] = PyUnicode_GET_LENGTH(args[0]);
    number[1] = number[1] < number[0] ? number[1] : number[0];
    return !PyUnicode_IS_ASCII(args[0]);
}

static int is_space(char each)
{
    return each == ' ' || (each >= '\t' && each <= '\r') || (each >= 28 && each <= 31);
}

/* Tell whether a sign of a label stands before a place, with a few blanks and an opening mark between. */
static int is_labelled(const char *text, Py_ssize_t first, Py_ssize_t start)
{
    Py_ssize_t at = start, blanks = 0;
    if (at > first && text[at - 1] && strchr("\"'([", text[at - 1]))
        at--;
    for (; at > first && blanks < 4 && is_space(text[at - 1]); at--)
        blanks++;
    return at > first && (text[at - 1] == ':' || text[at - 1] == '=');
}

/* Give where the line begins in which a label stands, or all if nothing but its end stands there. */
static Py_ssize_t last_line(const char *text, Py_ssize_t first, Py_ssize_t start)
{
    int has_letter = 0;
    for (Py_ssize_t at = start; at > first; at--) {
        if (text[at - 1] == '\n')
            return has_letter ? at : first;
        has_letter |= is_letter(text[at - 1]);
    }
    return first;
}

/* Give where the last words of a part begin, as many as are asked for. */
static Py_ssize_t last_words(const char *text, Py_ssize_t first, Py_ssize_t start, Py_ssize_t most)
{
    Py_ssize_t words = 0, from = start;
    for (; from > first; from--)
        if (is_letter(text[from - 1]) && (from == start || !is_letter(text[from])) && ++words > most)
            return from; /* behind the last letter of one too many */
    return -1;
}

/* before(text, start, reach, label, most) -> the last words before a place; None if that takes a longer
   look: other letters or humps */
static PyObject *before(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    Py_ssize_t number[5];
    int longer = take_place(args, count, 5, number);
    if (longer < 0)
        return NULL;
    if (longer)
        Py_RETURN_NONE;
    const char *text = (const char *)PyUnicode_1BYTE_DATA(args[0]);
    Py_ssize_t start = number[1], first = start > number[2] ? start - number[2] : 0, most = number[4];
    int labelled = is_labelled(text, start > number[3] ? start - number[3] : 0, start);
    if (labelled)
        first = last_line(text, first, start);
    if (has_hump(text, first, start))
        Py_RETURN_NONE;
    Py_ssize_t from = last_words(text, first, start, most);
    if (from < 0) {
        from = first;
        if (!labelled && first && first < start && is_letter(text[first - 1]))
            while (from < start && is_letter(text[from]))
                from++; /* the rest of a word is none */
    }
    return words_of(text, from, start, most);
}

/* words(text) -> all words of a text, or None as above */
static PyObject *words(PyObject *Py_UNUSED(module), PyObject *whole)
{
    if (!PyUnicode_Check(whole)) {
        PyErr_SetString(PyExc_TypeError, "words(text) needs a text");
        return NULL;
    }
    Py_ssize_t size = PyUnicode_GET_LENGTH(whole);
    if (!PyUnicode_IS_ASCII(whole) || has_hump((const char *)PyUnicode_1BYTE_DATA(whole), 0, size))
        Py_RETURN_NONE;
    return words_of((const char *)PyUnicode_1BYTE_DATA(whole), 0, size, PY_SSIZE_T_MAX);
}

/* behind(text, end, reach, most) -> the first words behind a place on its line, or None as above */
static PyObject *behind(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    Py_ssize_t number[4];
    int longer = take_place(args, count, 4, number);
    if (longer < 0)
        return NULL;
    if (longer)
        Py_RETURN_NONE;
    const char *text = (const char *)PyUnicode_1BYTE_DATA(args[0]);
    Py_ssize_t end = number[1], last = end + number[2] < number[0] ? end + number[2] : number[0];
    const char *line = memchr(text + end, '\n', (size_t)(last - end));
    last = line ? line - text : last;
    if (has_hump(text, end, last))
        Py_RETURN_NONE;
    return words_of(text, end, last, number[3]);
}

/* ---- The module */

static PyMethodDef functions[] = {
    {"parts", (PyCFunction)(void (*)(void))parts_of, METH_FASTCALL,
     "Give the parts of a text in which a number or a code can stand, or None."},
    {"before", (PyCFunction)(void (*)(void))before, METH_FASTCALL,
     "Give the last words before a place, or None where that takes a longer look."},
    {"behind", (PyCFunction)(void (*)(void))behind, METH_FASTCALL,
     "Give the first words behind a place on its line, or None where that takes a longer look."},
    {"words", words, METH_O, "Give all words of a text, or None where that takes a longer look."},
    {NULL, NULL, 0, NULL},
};

static int module_exec(PyObject *module)
{
    PyObject *type = PyType_FromModuleAndSpec(module, &marks_spec, NULL);
    int failed = type ? PyModule_AddObjectRef(module, "Marks", type) : -1;
    Py_XDECREF(type);
    return failed;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, module_exec}, {0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_marks", "Collects what an engine finds in a text.", 0, functions,
    module_slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__marks(void)
{
    return PyModuleDef_Init(&module);
}
