/* Collects what an engine finds, as `Noted` of collecting.py does. */

#ifndef MUNIMENT_MARKS_FOUND_H
#define MUNIMENT_MARKS_FOUND_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <structmember.h>

enum { SHAPE_BITS = 20 };

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
    if (shape >> SHAPE_BITS) {
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

/* Add the spans that no other of the same shape holds, in order of place; those of parts are moved. */
static int add_spans(Marks *self, PyObject *spans, const int64_t *ends, const int64_t *moved, Py_ssize_t parts)
{
    Py_ssize_t part = 0;
    int64_t until = parts ? ends[0] : INT64_MAX, by = parts ? moved[0] : 0;
    sort(self);
    if (keep_outermost(self))
        return -1;
    for (Py_ssize_t at = 0; at < self->count; at++) {
        const Mark *one = &self->mark[at];
        while ((int64_t)one->start >= until) {
            if (++part >= parts) {
                PyErr_SetString(PyExc_ValueError, "a match lies behind the last part");
                return -1;
            }
            until = ends[part];
            by = moved[part];
        }
        PyObject *span = Py_BuildValue("ILL", (unsigned)one->shape, (long long)one->start + by,
                                       (long long)one->end + by);
        int failed = !span || PyList_Append(spans, span);
        Py_XDECREF(span);
        if (failed)
            return -1;
    }
    return 0;
}

static int take_places(PyObject *list, int64_t *places)
{
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(list); at++) {
        places[at] = PyLong_AsLongLong(PyList_GET_ITEM(list, at));
        if (places[at] == -1 && PyErr_Occurred())
            return -1;
    }
    return 0;
}

/* outermost(ends, moved) -> spans: as `Noted` of collecting.py gives them; empty lists move nothing */
static PyObject *marks_outermost(Marks *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 2 || !PyList_Check(args[0]) || !PyList_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "outermost(ends, moved) needs two lists");
        return NULL;
    }
    Py_ssize_t parts = PyList_GET_SIZE(args[0]);
    if (PyList_GET_SIZE(args[1]) != parts) {
        PyErr_SetString(PyExc_ValueError, "each part has an end and was moved");
        return NULL;
    }
    int64_t *places = PyMem_Malloc(sizeof(int64_t) * (size_t)(2 * parts + 1));
    if (!places)
        return PyErr_NoMemory();
    PyObject *spans = PyList_New(0);
    if (spans && (take_places(args[0], places) || take_places(args[1], places + parts)
                  || add_spans(self, spans, places, places + parts, parts)))
        Py_CLEAR(spans);
    PyMem_Free(places);
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

#endif
