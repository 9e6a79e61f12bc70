/* Takes a whole message of HTTP apart whose head came before.

   heads.py does the same where there is no compiler; tests compare them. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

#define MOST_BYTES 4096
#define MOST_DIGITS 12
#define NAME_BYTES 18

static const char *const names[] = {"\r\ncontent-length: ", "\r\nContent-Length: "};

/* Find a few bytes that begin with the end of a line; -1 where they are not. */
static Py_ssize_t find(const char *data, Py_ssize_t from, Py_ssize_t size, const char *what, Py_ssize_t many)
{
    while (from <= size - many) {
        const char *at = memchr(data + from, '\r', (size_t)(size - many - from + 1));
        if (!at)
            return -1;
        if (!memcmp(at, what, (size_t)many))
            return at - data;
        from = at - data + 1;
    }
    return -1;
}

/* Give what is known of a head that is its data without the number between two places. */
static PyObject *known_of(PyObject *known, const char *data, Py_ssize_t begin, Py_ssize_t after, Py_ssize_t end)
{
    PyObject *head = PyBytes_FromStringAndSize(NULL, begin + end - after);
    if (!head)
        return NULL;
    char *to = PyBytes_AS_STRING(head);
    memcpy(to, data, (size_t)begin);
    memcpy(to + begin, data + after, (size_t)(end - after));
    PyObject *found = PyDict_GetItemWithError(known, head);
    Py_XINCREF(found);
    Py_DECREF(head);
    return found;
}

static PyObject *whole(PyObject *self, PyObject *const *given, Py_ssize_t many)
{
    (void)self;
    if (many != 2 || !PyBytes_CheckExact(given[0]) || !PyDict_CheckExact(given[1])) {
        PyErr_SetString(PyExc_TypeError, "bytes and a dict are taken");
        return NULL;
    }
    const char *data = PyBytes_AS_STRING(given[0]);
    Py_ssize_t size = PyBytes_GET_SIZE(given[0]), most = size < MOST_BYTES ? size : MOST_BYTES;
    Py_ssize_t begin = find(data, 0, most, names[0], NAME_BYTES);
    if (begin < 0)
        begin = find(data, 0, most, names[1], NAME_BYTES);
    if (begin < 0)
        Py_RETURN_NONE;
    begin += NAME_BYTES;
    Py_ssize_t after = begin;
    long long length = 0;
    while (after < size && after - begin <= MOST_DIGITS && data[after] >= '0' && data[after] <= '9')
        length = 10 * length + (data[after++] - '0');
    if (after == begin || after - begin > MOST_DIGITS || after >= size || data[after] != '\r')
        Py_RETURN_NONE;
    Py_ssize_t end = find(data, after, most, "\r\n\r\n", 4);
    if (end < 0 || size - (end + 4) != length)
        Py_RETURN_NONE;
    end += 4;
    PyObject *found = known_of(given[1], data, begin, after, end);
    if (!found) {
        if (PyErr_Occurred())
            return NULL;
        Py_RETURN_NONE;
    }
    PyObject *body = PyBytes_FromStringAndSize(data + end, size - end);
    PyObject *told = body ? PyTuple_New(2) : NULL;
    if (!told) {
        Py_XDECREF(body);
        Py_DECREF(found);
        return NULL;
    }
    PyTuple_SET_ITEM(told, 0, found);
    PyTuple_SET_ITEM(told, 1, body);
    return told;
}

static PyMethodDef functions[] = {
    {"whole", (PyCFunction)(void (*)(void))whole, METH_FASTCALL,
     "Give what is known of the head of a whole message, and its body, or None."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {{0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_heads", "Takes messages of HTTP apart whose heads came before.", 0, functions,
    module_slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__heads(void)
{
    return PyModuleDef_Init(&module);
}
