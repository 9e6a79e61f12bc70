/* The names layer without Python's interpreter: from a text to the words that may be of a name.

   compiled.py makes it ready, and arrays.py does the same with NumPy where there is no compiler.
   All sums are of whole numbers below 2**24 and every rounding is of one operation, so that both
   give the same to the last bit. */

#include "quick_names.h"

/* ---- What Python asks */

static int is_ready(const Reader *self)
{
    if (!self->kept)
        PyErr_SetString(PyExc_RuntimeError, "this reader was not made ready");
    return self->kept != NULL;
}

static void text_free(Text *text)
{
    PyMem_RawFree(text->word);
    PyMem_RawFree(text->odd);
}

/* What a text is read into: its words, those that may be of a name, and whether one may end a firm's. */
typedef struct {
    Text text;
    Seen *seen;
    Py_ssize_t count;
    int forms;
} Sight;

static void sight_free(Sight *sight)
{
    PyMem_RawFree(sight->seen);
    text_free(&sight->text);
}

/* Read a text. There is nothing if all of it ends at a place or before it. */
static int see(Reader *self, PyObject *whole, PyObject *told, int cut, Sight *sight)
{
    memset(sight, 0, sizeof *sight);
    if (!PyUnicode_Check(whole)) {
        PyErr_SetString(PyExc_TypeError, "only a text can be read");
        return -1;
    }
    if (!is_ready(self))
        return -1;
    Text *text = &sight->text;
    Shares shares;
    Py_ssize_t after = PyLong_AsSsize_t(told), first = 0;
    if ((after == -1 && PyErr_Occurred()) || cut_text(&self->rules, text, whole))
        return -1;
    after = after < text->size ? after : text->size;
    for (Py_ssize_t at = 0; at < text->count; at++) {
        sight->forms |= text->word[at].told & FORM;
        first += text->word[at].chunk_end < after;
    }
    if (shares_begin(self, &shares, text->size > A_LOT ? NULL : self->kept)) {
        PyErr_NoMemory();
        return -1;
    }
    if (text->size > A_LOT) { /* with shares of its own, it needs nobody's turn */
        Py_BEGIN_ALLOW_THREADS
        sight->count = look(self, text, &shares, first, cut, &sight->seen);
        Py_END_ALLOW_THREADS
        PyMem_RawFree(shares.kept);
    } else {
        sight->count = look(self, text, &shares, first, cut, &sight->seen);
    }
    if (sight->count < 0) {
        PyErr_NoMemory();
        return -1;
    }
    if (sight->count && sight->seen[sight->count - 1].place < first)
        sight->count = 0;
    return 0;
}

/* read(text, after, cut) -> (whether a word may end the name of a firm, the pieces) */
static PyObject *reader_read(Reader *self, PyObject *const *args, Py_ssize_t count)
{
    Sight sight = {0};
    PyObject *pieces = NULL;
    int cut = count == 3 ? PyObject_IsTrue(args[2]) : -1;
    if (count != 3)
        PyErr_SetString(PyExc_TypeError, "read(text, after, cut) needs three values");
    if (cut < 0 || see(self, args[0], args[1], cut, &sight))
        goto end;
    pieces = PyList_New(sight.count);
    for (Py_ssize_t at = 0; pieces && at < sight.count; at++) {
        PyObject *piece = piece_of(self, &sight.text, &sight.seen[at]);
        if (!piece)
            Py_CLEAR(pieces);
        else
            PyList_SET_ITEM(pieces, at, piece);
    }
    if (pieces)
        pieces = Py_BuildValue("ON", sight.forms ? Py_True : Py_False, pieces);
end:
    sight_free(&sight);
    return pieces;
}

/* names(text, after) -> (whether a word may end the name of a firm, the words joined into names) */
static PyObject *reader_names(Reader *self, PyObject *const *args, Py_ssize_t count)
{
    Sight sight = {0};
    PyObject *names = NULL;
    if (count != 2)
        PyErr_SetString(PyExc_TypeError, "names(text, after) needs two values");
    else if (!see(self, args[0], args[1], 0, &sight))
        names = joined(self, &sight.text, sight.seen, sight.count);
    if (names)
        names = Py_BuildValue("ON", sight.forms ? Py_True : Py_False, names);
    sight_free(&sight);
    return names;
}

static int is_looked_at(const Text *text, Py_ssize_t place)
{
    return is_counted(text, place - 1) || is_counted(text, place) || is_counted(text, place + 1);
}

/* settled(text) -> how many characters keep their findings, whatever follows: as arrays.py does */
static PyObject *reader_settled(Reader *self, PyObject *whole)
{
    Text text = {0};
    PyObject *told = NULL;
    if (!PyUnicode_Check(whole)) {
        PyErr_SetString(PyExc_TypeError, "settled(text) needs a text");
        return NULL;
    }
    if (!is_ready(self) || cut_text(&self->rules, &text, whole))
        goto end;
    Py_ssize_t complete = text.count;
    while (complete && text.word[complete - 1].chunk_end == text.size)
        complete--;
    Py_ssize_t first = complete, place = complete > RIGHT ? complete - RIGHT : 0;
    for (; place < complete; place++)
        if (place == complete - 1 || is_looked_at(&text, place) || is_counted(&text, place + 1)) {
            first = place;
            break;
        }
    while (first > 0 && first < text.count && is_looked_at(&text, first - 1)) {
        first--;
        if (text.word[first].shape == self->rules.constant[S_LINE_END]) {
            first++;
            break;
        }
    }
    told = PyLong_FromSsize_t(first >= text.count ? text.size : text.word[first].start);
end:
    text_free(&text);
    return told;
}

/* ---- How a reader is made */

static int take_marks(Rules *rules, PyObject *marks)
{
    PyObject *mark, *kind;
    Py_ssize_t at = 0;
    memset(rules->ascii_kind, (int)rules->constant[M_OTHER], sizeof rules->ascii_kind);
    while (PyDict_Next(marks, &at, &mark, &kind)) {
        Py_UCS4 letter = PyUnicode_READ_CHAR(mark, 0);
        long number = PyLong_AsLong(kind);
        if (number < 0 || number >= rules->kinds || rules->marks == MOST_MARKS) {
            if (!PyErr_Occurred())
                PyErr_SetString(PyExc_ValueError, "the tables do not know so many marks");
            return -1;
        }
        if (letter < 128) {
            rules->ascii_kind[letter] = (uint8_t)number;
        } else {
            rules->mark[rules->marks] = letter;
            rules->kind[rules->marks++] = (uint8_t)number;
        }
    }
    return 0;
}

static int take_meant(Meant *meant, PyObject *words)
{
    PyObject *word, *flags;
    Py_ssize_t at = 0, size;
    if (PyDict_GET_SIZE(words) > MOST_MEANT / 2) {
        PyErr_SetString(PyExc_ValueError, "too many words mean something by themselves");
        return -1;
    }
    while (PyDict_Next(words, &at, &word, &flags)) {
        const char *utf8 = PyUnicode_AsUTF8AndSize(word, &size);
        if (!utf8)
            return -1;
        uint64_t hash = hash_of(utf8, size);
        uint32_t slot = hash & (MOST_MEANT - 1);
        while (meant->flags[slot])
            slot = (slot + 1) & (MOST_MEANT - 1);
        meant->hash[slot] = hash;
        meant->flags[slot] = (uint8_t)PyLong_AsLong(flags);
    }
    return PyErr_Occurred() ? -1 : 0;
}

static int take_numbers(PyObject *from, double *to, Py_ssize_t count)
{
    if (!PyTuple_Check(from) || PyTuple_GET_SIZE(from) != count) {
        PyErr_SetString(PyExc_ValueError, "so many numbers are not known");
        return -1;
    }
    for (Py_ssize_t at = 0; at < count; at++)
        to[at] = PyFloat_AsDouble(PyTuple_GET_ITEM(from, at));
    return PyErr_Occurred() ? -1 : 0;
}

/* The factors as they are read: side by side what is multiplied together. */
static int take_factors(Reader *self, const Py_buffer *first, const Py_buffer *second, const Py_buffer *bias)
{
    int inner = self->inner, hidden = self->hidden;
    const int8_t *one = first->buf, *two = second->buf;
    self->first = PyMem_RawMalloc((size_t)(WINDOW * inner * hidden));
    self->second = PyMem_RawMalloc(sizeof(int16_t) * (size_t)(self->labels * hidden));
    if (!self->first || !self->second) {
        PyErr_NoMemory();
        return -1;
    }
    for (int where = 0; where < WINDOW; where++)
        for (int each = 0; each < inner; each++)
            for (int at = 0; at < hidden; at++)
                self->first[((where * inner / 2 + each / 2) * hidden + at) * 2 + each % 2]
                    = one[(each * WINDOW + where) * hidden + at];
    for (int at = 0; at < hidden; at++)
        for (int each = 0; each < self->labels; each++)
            self->second[each * hidden + at] = two[at * self->labels + each];
    memcpy(self->bias, bias->buf, sizeof(int16_t) * (size_t)hidden);
    return 0;
}

static int do_sizes_fit(const Reader *self, const Py_buffer *first, const Py_buffer *second,
                        const Py_buffer *bias, const Py_buffer *label_bias, uint32_t rows)
{
    Py_ssize_t inner = self->inner, hidden = self->hidden, labels = self->labels;
    Py_ssize_t share = 2 * inner;
    if (inner < 2 || inner > MOST_INNER || inner % 2 || hidden < 1 || hidden > MOST_HIDDEN || labels < 3
        || labels > MOST_LABELS || labels % 2 == 0 || self->part_bits < 1 || self->part_bits > 24)
        return 0;
    for (uint32_t at = 0; at < self->rules.list.count; at++)
        if (self->rules.list.row[at] >= rows)
            return 0;
    for (int at = S_LINE_END; at <= S_FOREIGN; at++)
        if (self->rules.constant[at] >= (uint32_t)self->rules.shapes)
            return 0;
    return self->parts.len == inner << self->part_bits && self->rules.shapes <= 32
        && self->shape.len == self->rules.shapes * share && self->known.len == 16 * share
        && self->before.len == self->rules.kinds * share && self->after.len == self->before.len
        && first->len == inner * WINDOW * hidden && second->len == hidden * labels
        && bias->len == 2 * hidden && label_bias->len == 4 * labels
        && self->multipliers.len == 8 * 2 * ENDS * PARTS
        && self->whole[PERSON] < labels && self->whole[FIRM] < labels - 1
        && self->whole[LOCATION] < labels - 1;
}

static int reader_init(Reader *self, PyObject *args, PyObject *Py_UNUSED(kwds))
{
    Rules *rules = &self->rules;
    Py_buffer first = {0}, second = {0}, bias = {0}, label_bias = {0};
    PyObject *marks, *meant, *constants, *wholes, *numbers;
    double constant[CONSTANTS], whole[WHOLE_NUMBERS], number[NUMBERS];
    int failed = -1;
    if (rules->lower) {
        PyErr_SetString(PyExc_RuntimeError, "a reader is made once");
        return -1;
    }
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*y*y*y*y*y*y*y*y*O!O!OOO(iiii)O!UU:Reader",
                          &rules->words_, &rules->row_, &rules->known_, &self->parts, &self->rows,
                          &self->shape, &self->before, &self->after, &self->known, &self->multipliers,
                          &first, &second, &bias, &label_bias, &PyDict_Type, &marks, &PyDict_Type, &meant,
                          &constants, &wholes, &numbers,
                          &self->inner, &self->hidden, &self->labels, &self->part_bits,
                          &PyTuple_Type, &self->touching, &self->joining, &self->apart))
        return -1;
    Py_INCREF(self->touching);
    Py_INCREF(self->joining);
    Py_INCREF(self->apart);
    rules->lower = PyUnicode_InternFromString("lower");
    rules->list.words = rules->words_.buf;
    rules->list.size = rules->words_.len;
    rules->list.row = rules->row_.buf;
    rules->list.known = rules->known_.buf;
    rules->list.count = (uint32_t)(rules->row_.len / 2);
    if (!rules->lower || take_numbers(constants, constant, CONSTANTS)
        || take_numbers(wholes, whole, WHOLE_NUMBERS) || take_numbers(numbers, number, NUMBERS))
        goto end;
    for (int at = 0; at < CONSTANTS; at++)
        rules->constant[at] = (uint32_t)constant[at];
    for (int at = 0; at < WHOLE_NUMBERS; at++)
        self->whole[at] = (int)whole[at];
    for (int at = 0; at < NUMBERS; at++)
        self->number[at] = (float)number[at];
    self->twice = number[TWICE];
    if (self->inner > 0) {
        rules->shapes = self->shape.len / (2 * self->inner);
        rules->kinds = self->before.len / (2 * self->inner);
    }
    uint32_t rows = self->inner > 0 ? (uint32_t)(self->rows.len / self->inner) : 0;
    if (rules->known_.len != rules->row_.len
        || !do_sizes_fit(self, &first, &second, &bias, &label_bias, rows)) {
        PyErr_SetString(PyExc_ValueError, "the tables do not fit each other");
        goto end;
    }
    memcpy(self->label_bias, label_bias.buf, sizeof(float) * (size_t)self->labels);
    if (list_index(&rules->list) || take_marks(rules, marks) || take_meant(&rules->meant, meant)
        || take_factors(self, &first, &second, &bias))
        goto end;
    self->share_of = share_of;
    self->label = label;
#ifdef HAS_AVX2
    if (__builtin_cpu_supports("avx2") && self->hidden % 48 == 0) {
        self->share_of = share_avx2;
        self->label = label_avx2;
    }
#endif
    Shares shares;
    if (shares_begin(self, &shares, NULL)) {
        PyErr_NoMemory();
        goto end;
    }
    self->kept = shares.kept;
    failed = 0;
end:
    PyBuffer_Release(&first);
    PyBuffer_Release(&second);
    PyBuffer_Release(&bias);
    PyBuffer_Release(&label_bias);
    return failed;
}

static void reader_free(Reader *self)
{
    PyTypeObject *type = Py_TYPE(self);
    Py_buffer *held[] = {&self->rules.words_, &self->rules.row_, &self->rules.known_, &self->parts,
                         &self->rows, &self->shape, &self->before, &self->after, &self->known,
                         &self->multipliers};
    for (size_t at = 0; at < sizeof held / sizeof *held; at++)
        PyBuffer_Release(held[at]);
    PyMem_RawFree(self->rules.list.starts);
    PyMem_RawFree(self->rules.list.slots);
    PyMem_RawFree(self->rules.list.lately);
    PyMem_RawFree(self->first);
    PyMem_RawFree(self->second);
    PyMem_RawFree(self->kept);
    Py_XDECREF(self->rules.lower);
    Py_XDECREF(self->touching);
    Py_XDECREF(self->joining);
    Py_XDECREF(self->apart);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyMethodDef methods[] = {
    {"read", (PyCFunction)(void (*)(void))reader_read, METH_FASTCALL,
     "Give whether a word may end the name of a firm, and the words that may be of a name."},
    {"names", (PyCFunction)(void (*)(void))reader_names, METH_FASTCALL,
     "Give whether a word may end the name of a firm, and the words joined into names."},
    {"settled", (PyCFunction)reader_settled, METH_O,
     "Give how many characters at the beginning keep their findings, whatever follows them."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot slots[] = {
    {Py_tp_doc, "Reads texts by an artefact: from characters to scored words."},
    {Py_tp_new, PyType_GenericNew},
    {Py_tp_init, reader_init},
    {Py_tp_dealloc, reader_free},
    {Py_tp_methods, methods},
    {0, NULL},
};

static PyType_Spec spec = {"muniment.detect.detectors.names._quick.Reader", sizeof(Reader), 0,
                           Py_TPFLAGS_DEFAULT, slots};

static int module_exec(PyObject *module)
{
    PyObject *type = PyType_FromModuleAndSpec(module, &spec, NULL);
    int failed = type ? PyModule_AddObjectRef(module, "Reader", type) : -1;
    Py_XDECREF(type);
    return failed;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, module_exec}, {0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_quick", "The names layer without Python's interpreter.", 0, NULL,
    module_slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__quick(void)
{
    return PyModuleDef_Init(&module);
}
