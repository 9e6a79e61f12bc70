/* Lets an engine read a text that is written plainly, as nearly all are, in one go; passes.py does the same
   step by step, and judging.py leaves out what needs a phrase that is not there. */

#ifndef MUNIMENT_MARKS_SIGHT_H
#define MUNIMENT_MARKS_SIGHT_H

#include "marks_found.h"
#include "marks_parts.h"
#include "marks_words.h"

enum { OF_ALL, OF_LONG_RUNS, OF_CODES, PASSES, KEPT_ROOM = 4096 };

/* How far words near a value are read, and how many characters there are for each match at least where
   values are few. */
typedef struct {
    Py_ssize_t reach, before, label, most_before, behind, most_behind, sparse;
} Reaches;

/* What reads: for each pass what scans with what room, the phrases without which a shape is none, and two
   collections of marks that are used again. */
typedef struct {
    PyObject_HEAD
    PyObject *passes[PASSES], *sieves;
    Marks *marks, *coded;
    Reaches of;
    int busy;
} Sight;

enum { PHRASE = 3, MOST_NEAR = 96 };

/* The words and phrases near a match, as numbers; `unsure` where that takes a longer look. */
typedef struct {
    Py_ssize_t start, end;
    int unsure, count;
    uint32_t hash[MOST_NEAR];
} Near;

static uint32_t stirred(uint32_t hash, char letter)
{
    return (hash ^ (unsigned char)letter) * 16777619u;
}

static uint32_t hash_of(const char *text, Py_ssize_t size)
{
    uint32_t hash = 2166136261u;
    for (Py_ssize_t at = 0; at < size; at++)
        hash = stirred(hash, text[at]);
    return hash;
}

/* A sieve has two places or more for each phrase, a power of two in all; one without a phrase holds nought. */
static Py_ssize_t places_for(Py_ssize_t phrases)
{
    Py_ssize_t places = 4;
    while (places < 2 * phrases)
        places *= 2;
    return places;
}

/* Give where a number stands in a sieve, or where it would. */
static uint32_t *place_in(const uint32_t *sieve, Py_ssize_t places, uint32_t hash)
{
    Py_ssize_t at = (Py_ssize_t)(hash ^ hash >> 15) & (places - 1);
    while (sieve[at] && sieve[at] != hash)
        at = (at + 1) & (places - 1);
    return (uint32_t *)&sieve[at];
}

/* sieve(phrases) -> bytes that tell of words in small letters whether they may be one of them */
static PyObject *sieve(PyObject *Py_UNUSED(module), PyObject *phrases)
{
    Py_ssize_t count = PyObject_Size(phrases), places = places_for(count), size = places * (Py_ssize_t)sizeof(uint32_t);
    if (count < 0)
        return NULL;
    PyObject *told = PyBytes_FromStringAndSize(NULL, size), *from = PyObject_GetIter(phrases), *phrase;
    if (!told || !from)
        goto failed;
    uint32_t *to = (uint32_t *)(void *)PyBytes_AS_STRING(told);
    memset(to, 0, (size_t)size);
    while (count-- && (phrase = PyIter_Next(from))) {
        const char *text = PyUnicode_Check(phrase) ? PyUnicode_AsUTF8AndSize(phrase, &size) : NULL;
        if (text) {
            uint32_t hash = hash_of(text, size);
            *place_in(to, places, hash) = hash;
        } else if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "sieve(phrases) needs texts");
        Py_DECREF(phrase);
        if (!text)
            goto failed;
    }
    if (!PyErr_Occurred()) {
        Py_DECREF(from);
        return told;
    }
failed:
    Py_XDECREF(told);
    Py_XDECREF(from);
    return NULL;
}

/* Note the first words of a part, each alone and with those before it; it may be unsure then. */
static void note_words(Near *near, const char *text, Py_ssize_t at, Py_ssize_t end, Py_ssize_t most)
{
    uint32_t of[PHRASE] = {0}; /* of the last word, of the last two, of the last three */
    for (int words = 0; at < end && words < most; words++) {
        while (at < end && !is_letter(text[at]))
            at++;
        if (at == end)
            return;
        for (int more = PHRASE - 1; more > 0; more--)
            of[more] = stirred(of[more - 1], ' ');
        of[0] = hash_of("", 0);
        for (; at < end && is_letter(text[at]); at++)
            for (int more = 0; more < PHRASE; more++)
                of[more] = stirred(of[more], text[at] | 32);
        for (int more = 0; more < PHRASE && more <= words; more++) {
            if (near->count == MOST_NEAR) {
                near->unsure = 1;
                return;
            }
            near->hash[near->count++] = of[more];
        }
    }
}

/* Read the words near a match and in it: as `Surroundings` of judging.py does. */
static void look_near(const Reaches *of, Near *near, const char *text, Py_ssize_t size)
{
    Py_ssize_t start = near->start, end = near->end, from = -1, last = -1;
    near->count = 0;
    near->unsure = start < 0 || start > end || end > size || has_hump(text, start, end);
    if (!near->unsure) {
        from = begin_before(text, start, of->before, of->label, of->most_before);
        last = end_behind(text, size, end, of->behind);
        near->unsure = from < 0 || last < 0;
    }
    if (near->unsure)
        return;
    note_words(near, text, from, start, of->most_before);
    note_words(near, text, start, end, end - start);
    note_words(near, text, end, last, of->most_behind);
}

/* Tell whether a shape needs a phrase and surely none of those near a match or in it is one. */
static int is_needless(const Sight *self, Py_ssize_t shape, const Near *near)
{
    PyObject *needed = shape < PyTuple_GET_SIZE(self->sieves) ? PyTuple_GET_ITEM(self->sieves, shape) : Py_None;
    if (needed == Py_None || near->unsure)
        return 0;
    const uint32_t *sieve = (const uint32_t *)(void *)PyBytes_AS_STRING(needed);
    Py_ssize_t places = PyBytes_GET_SIZE(needed) / (Py_ssize_t)sizeof(uint32_t);
    for (int at = 0; at < near->count; at++)
        if (!near->hash[at] || *place_in(sieve, places, near->hash[at]))
            return 0;
    return 1;
}

/* Give the spans that may be something where phrases are asked for; all of them where they stand close. */
static PyObject *left_of(const Sight *self, PyObject *spans, const char *text, Py_ssize_t size)
{
    Py_ssize_t count = PyList_GET_SIZE(spans);
    if (count > size / self->of.sparse)
        return Py_NewRef(spans);
    PyObject *left = PyList_New(0);
    Near near = {.start = -1};
    for (Py_ssize_t at = 0; left && at < count; at++) {
        PyObject *each = PyList_GET_ITEM(spans, at);
        Py_ssize_t span[3];
        for (int part = 0; part < 3; part++)
            span[part] = PyLong_AsSsize_t(PyTuple_GET_ITEM(each, part));
        if (near.start != span[1] || near.end != span[2]) {
            near.start = span[1];
            near.end = span[2];
            look_near(&self->of, &near, text, size);
        }
        if (PyErr_Occurred() || (!is_needless(self, span[0], &near) && PyList_Append(left, each)))
            Py_CLEAR(left);
    }
    return left;
}

/* Let the databases of a pass scan some bytes; each stands with its room. */
static int scan_all(PyObject *pass, PyObject *data, Marks *marks)
{
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(pass); at += 2) {
        PyObject *given[] = {data, (PyObject *)marks, Py_False /* no flags */, Py_None, PyTuple_GET_ITEM(pass, at + 1)};
        PyObject *done = PyObject_Vectorcall(PyTuple_GET_ITEM(pass, at), given, 5, NULL);
        if (!done)
            return -1;
        Py_DECREF(done);
    }
    return 0;
}

/* Look for numbers and codes in the parts in which they can stand. */
static int scan_parts(Sight *self, PyObject *data, PyObject *spans)
{
    Parts parts = {0};
    int cut = cut_out(PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data), self->of.reach, 0, &parts), failed = cut < 0;
    if (cut > 0) {
        PyObject *part = cut == MOST_OF_IT ? Py_NewRef(data) : PyBytes_FromStringAndSize(parts.data, parts.size);
        failed = !part || scan_all(self->passes[OF_CODES], part, self->coded)
                 || (self->coded->count && add_spans(self->coded, spans, parts.ends, parts.moved, parts.count));
        Py_XDECREF(part);
    }
    PyMem_Free(parts.room);
    return failed ? -1 : 0;
}

static void clear(Marks *marks)
{
    marks->count = marks->sorted = 0;
    if (marks->room > KEPT_ROOM) {
        PyMem_Free(marks->mark);
        marks->mark = NULL;
        marks->room = 0;
    }
}

/* Give what is seen of some bytes, as below. */
static PyObject *seen_of(Sight *self, PyObject *data)
{
    PyObject *told = NULL, *left = NULL, *begun = runs_in(data), *spans = PyList_New(0);
    clear(self->marks);
    clear(self->coded);
    if (!begun || !spans || scan_all(self->passes[OF_ALL], data, self->marks))
        goto end;
    if (PyList_GET_SIZE(begun) && scan_all(self->passes[OF_LONG_RUNS], data, self->marks))
        goto end;
    if (self->marks->count && add_spans(self->marks, spans, NULL, NULL, 0))
        goto end;
    if (PyTuple_GET_SIZE(self->passes[OF_CODES]) && scan_parts(self, data, spans))
        goto end;
    if (!PyList_GET_SIZE(spans) && !PyList_GET_SIZE(begun)) {
        told = Py_NewRef(Py_None);
        goto end;
    }
    left = left_of(self, spans, PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data));
    told = left ? PyTuple_Pack(3, spans, begun, left) : NULL;
end:
    Py_XDECREF(begun);
    Py_XDECREF(spans);
    Py_XDECREF(left);
    return told;
}

/* Tell whether a text is read as it is written. */
static int is_plain(PyObject *text)
{
    if (!PyUnicode_CheckExact(text) || !PyUnicode_IS_ASCII(text))
        return 0;
    const char *letter = (const char *)PyUnicode_1BYTE_DATA(text);
    unsigned char odd = 0;
    for (Py_ssize_t at = 0, size = PyUnicode_GET_LENGTH(text); at < size; at++)
        odd |= (letter[at] == '\\') | (letter[at] == '\r') | (letter[at] == '%') | (letter[at] == '&');
    return !odd;
}

/* seen(text) -> None where nothing is seen; else every span, where long runs begin, and which spans are left
   where they need a phrase that is not near them. False for a text that is not so plain. */
static PyObject *sight_seen(Sight *self, PyObject *text)
{
    if (self->busy || !is_plain(text))
        Py_RETURN_FALSE;
    PyObject *data = PyBytes_FromStringAndSize((const char *)PyUnicode_1BYTE_DATA(text), PyUnicode_GET_LENGTH(text));
    if (!data)
        return NULL;
    self->busy = 1; /* the engine lets other threads go on, and its room is for one */
    PyObject *told = seen_of(self, data);
    self->busy = 0;
    Py_DECREF(data);
    return told;
}

static int is_pass(PyObject *pass)
{
    return PyTuple_CheckExact(pass) && PyTuple_GET_SIZE(pass) % 2 == 0;
}

/* Tell whether bytes may be a sieve: with a place that holds nothing, or looking for one would not end. */
static int is_sieve(PyObject *of)
{
    Py_ssize_t size = PyBytes_CheckExact(of) ? PyBytes_GET_SIZE(of) : 0, each = sizeof(uint32_t);
    if (size < each || size & (size - 1))
        return 0;
    const uint32_t *sieve = (const uint32_t *)(void *)PyBytes_AS_STRING(of);
    for (Py_ssize_t at = 0; at < size / each; at++)
        if (!sieve[at])
            return 1;
    return 0;
}

static int are_sieves(PyObject *sieves)
{
    if (!PyTuple_CheckExact(sieves))
        return 0;
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(sieves); at++) {
        PyObject *each = PyTuple_GET_ITEM(sieves, at);
        if (each != Py_None && !is_sieve(each))
            return 0;
    }
    return 1;
}

static int are_marks(PyObject *of)
{
    return Py_TYPE(of)->tp_new == marks_new;
}

static int are_reaches(const Reaches *of)
{
    return of->reach > 0 && of->reach <= 1024 && of->sparse > 0 && of->before >= 0 && of->label >= 0
           && of->most_before >= 0 && of->behind >= 0 && of->most_behind >= 0;
}

/* Sight((passes), sieves, (marks, coded), reaches): a pass is a tuple of what scans and its room, by turns */
static PyObject *sight_new(PyTypeObject *type, PyObject *args, PyObject *names)
{
    PyObject *pass[PASSES], *sieves, *marks, *coded;
    Reaches of;
    if (names || !PyArg_ParseTuple(args, "(OOO)O(OO)(nnnnnnn)", &pass[0], &pass[1], &pass[2], &sieves, &marks, &coded,
                                   &of.reach, &of.before, &of.label, &of.most_before, &of.behind, &of.most_behind,
                                   &of.sparse))
        return PyErr_Occurred() ? NULL : PyErr_Format(PyExc_TypeError, "Sight takes no names");
    if (!is_pass(pass[0]) || !is_pass(pass[1]) || !is_pass(pass[2]) || !are_sieves(sieves) || !are_marks(marks)
        || !are_marks(coded) || marks == coded || !are_reaches(&of)) {
        PyErr_SetString(PyExc_TypeError, "Sight needs passes, sieves, marks and reaches");
        return NULL;
    }
    Sight *self = (Sight *)type->tp_alloc(type, 0);
    if (!self)
        return NULL;
    for (int at = 0; at < PASSES; at++)
        self->passes[at] = Py_NewRef(pass[at]);
    self->sieves = Py_NewRef(sieves);
    self->marks = (Marks *)Py_NewRef(marks);
    self->coded = (Marks *)Py_NewRef(coded);
    self->of = of;
    return (PyObject *)self;
}

static void sight_free(Sight *self)
{
    PyTypeObject *type = Py_TYPE(self);
    for (int at = 0; at < PASSES; at++)
        Py_XDECREF(self->passes[at]);
    Py_XDECREF(self->sieves);
    Py_XDECREF(self->marks);
    Py_XDECREF(self->coded);
    type->tp_free((PyObject *)self);
    Py_DECREF(type);
}

static PyMethodDef sight_methods[] = {
    {"seen", (PyCFunction)sight_seen, METH_O, "Give what the engine sees in a text that is written plainly."},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot sight_slots[] = {
    {Py_tp_doc, "Lets an engine read plain texts in one go."},
    {Py_tp_new, sight_new},
    {Py_tp_dealloc, sight_free},
    {Py_tp_methods, sight_methods},
    {0, NULL},
};

static PyType_Spec sight_spec = {"muniment.detect.rules._marks.Sight", sizeof(Sight), 0, Py_TPFLAGS_DEFAULT,
                                 sight_slots};

#endif
