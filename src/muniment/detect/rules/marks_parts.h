/* Cuts out the parts of a text in which a number or a code can stand, as `parts` of excerpts.py does. */

#ifndef MUNIMENT_MARKS_PARTS_H
#define MUNIMENT_MARKS_PARTS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* The parts so far: what they are put together, where each ends in it, and how far each was moved. */
typedef struct {
    char *data, *room;
    Py_ssize_t size, count;
    int64_t *ends, *moved;
} Parts;

enum { NO_PARTS, SOME_PARTS, MOST_OF_IT };

static int is_capital(unsigned char each)
{
    return each >= 'A' && each <= 'Z';
}

enum { OF_LONG_RUN = 1, OF_LETTER_CODE = 2, OF_MONTH = 4, LONG_RUN = 20, LETTER_CODE = 10 };

/* What a byte may belong to: a long run, a letter that stands for a digit of a code, one for its month. */
static unsigned char kind_of(unsigned char each)
{
    unsigned char small = each | 32;
    int is_small = small >= 'a' && small <= 'z' && each < 128;
    unsigned char kind = is_small || (each >= '0' && each <= '9') || (each && strchr("+/_-", each)) ? OF_LONG_RUN : 0;
    if (is_small && small >= 'l' && small <= 'v' && small != 'o')
        kind |= OF_LETTER_CODE;
    if (is_small && strchr("abcdehlmprst", small))
        kind |= OF_MONTH;
    return kind;
}

static unsigned char kinds[256];

static void make_kinds(void)
{
    for (int each = 0; each < 256; each++)
        kinds[each] = kind_of((unsigned char)each);
}

/* Tell whether a code of letters alone goes on behind its day: as LETTER_CODE of excerpts.py says. */
static Py_ssize_t end_of_code(const unsigned char *text, Py_ssize_t at, Py_ssize_t size)
{
    at += at < size && text[at] == ' ';
    if (at + 5 > size)
        return -1;
    for (int step = 1; step < 4; step++)
        if (!(kinds[text[at + step]] & OF_LETTER_CODE))
            return -1;
    for (int step = 0; step < 5; step += 4)
        if (!((text[at + step] | 32) >= 'a' && (text[at + step] | 32) <= 'z' && text[at + step] < 128))
            return -1;
    return at + 5;
}

/* Give where the next code of letters alone begins from a place on, and where it ends; -1 if there is none. */
static Py_ssize_t next_code(const unsigned char *text, Py_ssize_t at, Py_ssize_t size, Py_ssize_t *end)
{
    while (at + LETTER_CODE <= size) {
        unsigned char last = kinds[text[at + 4]];
        if (!(last & OF_LETTER_CODE)) {
            at += last & OF_MONTH ? 2 : 5;
            continue;
        }
        if (kinds[text[at]] & kinds[text[at + 1]] & kinds[text[at + 3]] & OF_LETTER_CODE
            && kinds[text[at + 2]] & OF_MONTH && (*end = end_of_code(text, at + 5, size)) >= 0)
            return at;
        at++;
    }
    return -1;
}

enum { AT_ONCE = 512 };

/* Tell of some bytes whether a code of letters alone may be there; nearly always it may not. */
static int may_hold_code_here(const unsigned char *text, Py_ssize_t size)
{
    unsigned char of_code[AT_ONCE + LETTER_CODE], blank[AT_ONCE + LETTER_CODE], any = 0;
    for (Py_ssize_t at = 0; at < size; at++) {
        unsigned char small = text[at] | 32;
        of_code[at] = ((unsigned char)(small - 'l') < 11) & (small != 'o');
        blank[at] = text[at] == ' ';
    }
    for (Py_ssize_t at = 0; at + LETTER_CODE <= size; at++) {
        const unsigned char *of = of_code + at;
        unsigned char last = of[7] & of[8] & ((blank[at + 5] & of[9]) | of[6]);
        any |= of[0] & of[1] & of[3] & of[4] & last;
    }
    return any;
}

static int may_hold_code(const unsigned char *text, Py_ssize_t size)
{
    for (Py_ssize_t at = 0; at + LETTER_CODE <= size; at += AT_ONCE) {
        Py_ssize_t left = size - at;
        if (may_hold_code_here(text + at, left < AT_ONCE + LETTER_CODE ? left : AT_ONCE + LETTER_CODE))
            return 1;
    }
    return 0;
}

static int has_digit(const unsigned char *text, Py_ssize_t size)
{
    unsigned char any = 0;
    for (Py_ssize_t at = 0; at < size; at++)
        any |= (unsigned char)(text[at] - '0') < 10;
    return any;
}

static int has_pair(const unsigned char *text, Py_ssize_t size)
{
    unsigned char any = 0;
    for (Py_ssize_t at = 0; at + 1 < size; at++)
        any |= ((unsigned char)(text[at] - 'A') < 26) & ((unsigned char)(text[at + 1] - 'A') < 26);
    return any;
}

/* Mark digits, capitals two by two, and codes of letters alone. */
static void find_marks(const unsigned char *text, Py_ssize_t size, char *mark)
{
    for (Py_ssize_t at = 0; at < size; at++)
        mark[at] = (unsigned char)(text[at] - '0') < 10;
    Py_ssize_t last_pair = has_pair(text, size) ? size - 1 : 0;
    for (Py_ssize_t at = 0; at < last_pair; at++)
        if (is_capital(text[at]) && is_capital(text[at + 1])) {
            mark[at] = 1;
            mark[++at] = 1;
        }
    Py_ssize_t end = 0, first = may_hold_code(text, size) ? next_code(text, 0, size, &end) : -1;
    for (Py_ssize_t at = first; at >= 0; at = next_code(text, at + 1, size, &end))
        memset(mark + at, 1, (size_t)(end - at));
}

static Py_ssize_t next_mark(const char *mark, Py_ssize_t at, Py_ssize_t size)
{
    const char *next = at < size ? memchr(mark + at, 1, (size_t)(size - at)) : NULL;
    return next ? next - mark : size;
}

static int add_number(PyObject *list, Py_ssize_t of)
{
    PyObject *told = PyLong_FromSsize_t(of);
    int failed = !told || PyList_Append(list, told);
    Py_XDECREF(told);
    return failed;
}

/* Put the parts together; tell whether they are most of the text. */
static int put_together(const char *text, const char *mark, Py_ssize_t size, Py_ssize_t reach, Parts *parts)
{
    Py_ssize_t length = 0, at = next_mark(mark, 0, size);
    while (at < size) {
        Py_ssize_t last = at, start = at > reach ? at - reach : 0, end;
        for (Py_ssize_t next = at + 1; next < size && next <= last + 2 * reach; next++)
            if (mark[next])
                last = next;
        end = last + 1 + reach;
        parts->moved[parts->count] = start - length;
        length += end - start + 1;
        parts->ends[parts->count++] = length;
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

static int may_be_marked(const char *text, Py_ssize_t size)
{
    const unsigned char *from = (const unsigned char *)text;
    Py_ssize_t end;
    return has_digit(from, size) || has_pair(from, size)
           || (may_hold_code(from, size) && next_code(from, 0, size, &end) >= 0);
}

/* Cut the parts out if anything is marked from a place on; whoever calls frees their room. -1 is an error. */
static int cut_out(const char *text, Py_ssize_t size, Py_ssize_t reach, Py_ssize_t after, Parts *parts)
{
    if (!may_be_marked(text, size))
        return NO_PARTS;
    size_t most = (size_t)(size / (reach + 1) + 2), places = 2 * most * sizeof(int64_t);
    char *mark;
    parts->room = PyMem_Malloc(places + (size_t)(2 * size + 1));
    if (!parts->room) {
        PyErr_NoMemory();
        return -1;
    }
    parts->ends = (int64_t *)(void *)parts->room;
    parts->moved = parts->ends + most;
    mark = parts->room + places;
    parts->data = mark + size;
    find_marks((const unsigned char *)text, size, mark);
    if (next_mark(mark, after, size) >= size)
        return NO_PARTS;
    if (!put_together(text, mark, size, reach, parts))
        return SOME_PARTS;
    parts->count = 1;
    parts->ends[0] = size + 1;
    parts->moved[0] = 0;
    return MOST_OF_IT;
}

static PyObject *told_places(const int64_t *places, Py_ssize_t count)
{
    PyObject *told = PyList_New(0);
    for (Py_ssize_t at = 0; told && at < count; at++)
        if (add_number(told, (Py_ssize_t)places[at]))
            Py_CLEAR(told);
    return told;
}

/* parts(reach, data, after) -> the parts as `Parts` of excerpts.py, or None if nothing is marked behind */
static PyObject *parts_of(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 3 || !PyBytes_Check(args[1])) {
        PyErr_SetString(PyExc_TypeError, "parts(reach, data, after) needs bytes");
        return NULL;
    }
    Py_ssize_t reach = PyLong_AsSsize_t(args[0]), after = PyLong_AsSsize_t(args[2]);
    if (PyErr_Occurred())
        return NULL;
    if (after < 0 || reach < 1 || reach > 1024) {
        PyErr_SetString(PyExc_ValueError, "such parts cannot be");
        return NULL;
    }
    Parts parts = {0};
    PyObject *told = NULL, *ends = NULL, *moved = NULL;
    int cut = cut_out(PyBytes_AS_STRING(args[1]), PyBytes_GET_SIZE(args[1]), reach, after, &parts);
    if (cut == NO_PARTS)
        told = Py_NewRef(Py_None);
    else if (cut > 0) {
        ends = told_places(parts.ends, parts.count);
        moved = told_places(parts.moved, parts.count);
        if (ends && moved && cut == SOME_PARTS)
            told = Py_BuildValue("y#OO", parts.data, parts.size, ends, moved);
        else if (ends && moved)
            told = Py_BuildValue("OOO", args[1], ends, moved);
    }
    Py_XDECREF(ends);
    Py_XDECREF(moved);
    PyMem_Free(parts.room);
    return told;
}

/* Give where long runs begin: at the byte before each. */
static PyObject *runs_in(PyObject *data)
{
    const unsigned char *text = (const unsigned char *)PyBytes_AS_STRING(data);
    Py_ssize_t size = PyBytes_GET_SIZE(data), at = 0;
    PyObject *found = PyList_New(0);
    while (found && at + LONG_RUN <= size) {
        Py_ssize_t last = at + LONG_RUN - 1;
        while (last >= at && kinds[text[last]] & OF_LONG_RUN)
            last--;
        if (last >= at) {
            at = last + 1;
            continue;
        }
        if (add_number(found, at ? at - 1 : 0))
            Py_CLEAR(found);
        for (at += LONG_RUN; at < size && kinds[text[at]] & OF_LONG_RUN;)
            at++;
    }
    return found;
}

/* runs(data) -> as `runs` of excerpts.py says */
static PyObject *runs(PyObject *Py_UNUSED(module), PyObject *data)
{
    if (PyBytes_Check(data))
        return runs_in(data);
    PyErr_SetString(PyExc_TypeError, "runs(data) needs bytes");
    return NULL;
}

#endif
