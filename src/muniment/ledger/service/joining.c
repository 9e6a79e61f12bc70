/* Joins the halves of many entries around their places, each entry behind its length.

   joining.py does the same where there is no compiler; tests compare them. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

#define LONGEST 0xffff

/* The halves of some entries, one after the other: the first and the second of each. */
typedef struct {
    PyObject *heads, *tails;
    Py_ssize_t count;
} Some;

/* Find the halves of those that stand at a place; they are lists or tuples of bytes, alike long. */
static int find(Some *some, PyObject *heads, PyObject *tails, Py_ssize_t at)
{
    some->heads = PyList_GET_ITEM(heads, at);
    some->tails = PyList_GET_ITEM(tails, at);
    int are_rows = (PyList_CheckExact(some->heads) || PyTuple_CheckExact(some->heads)) &&
                   (PyList_CheckExact(some->tails) || PyTuple_CheckExact(some->tails));
    if (!are_rows) {
        PyErr_SetString(PyExc_TypeError, "halves stand in lists or tuples");
        return -1;
    }
    some->count = PySequence_Fast_GET_SIZE(some->heads);
    if (some->count != PySequence_Fast_GET_SIZE(some->tails)) {
        PyErr_SetString(PyExc_ValueError, "each head has its tail");
        return -1;
    }
    return 0;
}

/* Write a number as digits that end before a place; give where they begin. */
static char *digits_before(char *end, unsigned long long number)
{
    do
        *--end = (char)('0' + number % 10);
    while (number /= 10);
    return end;
}

static Py_ssize_t digits_of(unsigned long long number)
{
    char room[24];
    return room + sizeof room - digits_before(room + sizeof room, number);
}

/* Give the length of an entry with its place, or -1 with an error. */
static Py_ssize_t length_of(Some *some, Py_ssize_t at, unsigned long long place)
{
    PyObject *head = PySequence_Fast_GET_ITEM(some->heads, at);
    PyObject *tail = PySequence_Fast_GET_ITEM(some->tails, at);
    if (!PyBytes_CheckExact(head) || !PyBytes_CheckExact(tail)) {
        PyErr_SetString(PyExc_TypeError, "a half is not bytes");
        return -1;
    }
    Py_ssize_t ends = PyBytes_GET_SIZE(head), others = PyBytes_GET_SIZE(tail);
    if (ends <= LONGEST && others <= LONGEST && ends + others + digits_of(place) <= LONGEST)
        return ends + others + digits_of(place);
    PyErr_SetString(PyExc_OverflowError, "int too big to convert");
    return -1;
}

static char *put(char *to, PyObject *half)
{
    memcpy(to, PyBytes_AS_STRING(half), (size_t)PyBytes_GET_SIZE(half));
    return to + PyBytes_GET_SIZE(half);
}

static char *put_entry(char *to, Some *some, Py_ssize_t at, unsigned long long place)
{
    PyObject *head = PySequence_Fast_GET_ITEM(some->heads, at);
    PyObject *tail = PySequence_Fast_GET_ITEM(some->tails, at);
    Py_ssize_t digits = digits_of(place);
    Py_ssize_t length = PyBytes_GET_SIZE(head) + digits + PyBytes_GET_SIZE(tail);
    *to++ = (char)(length >> 8);
    *to++ = (char)(length & 0xff);
    to = put(to, head) + digits;
    digits_before(to, place);
    return put(to, tail);
}

static PyObject *joined(PyObject *module, PyObject *const *given, Py_ssize_t count)
{
    (void)module;
    Some some;
    if (count != 3 || !PyList_CheckExact(given[0]) || !PyList_CheckExact(given[1])) {
        PyErr_SetString(PyExc_TypeError, "heads, tails and the first place are needed");
        return NULL;
    }
    PyObject *heads = given[0], *tails = given[1];
    Py_ssize_t callers = PyList_GET_SIZE(heads), size = 0;
    unsigned long long first = PyLong_AsUnsignedLongLong(given[2]), place = first;
    if (first == (unsigned long long)-1 && PyErr_Occurred())
        return NULL;
    if (callers != PyList_GET_SIZE(tails)) {
        PyErr_SetString(PyExc_ValueError, "each head has its tail");
        return NULL;
    }
    /* Nothing of Python runs from here on, so what was measured is what is written. */
    for (Py_ssize_t n = 0; n < callers; n++) {
        if (find(&some, heads, tails, n))
            return NULL;
        for (Py_ssize_t at = 0; at < some.count; at++) {
            Py_ssize_t length = length_of(&some, at, place++);
            if (length < 0)
                return NULL;
            if (size > PY_SSIZE_T_MAX - 2 - length)
                return PyErr_NoMemory();
            size += 2 + length;
        }
    }
    PyObject *bundle = PyBytes_FromStringAndSize(NULL, size);
    if (!bundle)
        return NULL;
    char *to = PyBytes_AS_STRING(bundle);
    place = first;
    for (Py_ssize_t n = 0; n < callers; n++) {
        if (find(&some, heads, tails, n)) {
            Py_DECREF(bundle);
            return NULL;
        }
        for (Py_ssize_t at = 0; at < some.count; at++)
            to = put_entry(to, &some, at, place++);
    }
    return bundle;
}

static PyMethodDef functions[] = {
    {"joined", (PyCFunction)(void (*)(void))joined, METH_FASTCALL,
     "Join the halves of entries around their places, from the first on."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {{0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_joining", "Joins the halves of entries.", 0, functions,
    module_slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__joining(void)
{
    return PyModuleDef_Init(&module);
}
