/* Cuts out the parts of a text in which a number or a code can stand, as `parts` of excerpts.py does. */

#ifndef MUNIMENT_MARKS_PARTS_H
#define MUNIMENT_MARKS_PARTS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

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

#endif
