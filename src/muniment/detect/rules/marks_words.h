/* Reads the words near a value, as context.py does: those of ASCII and without humps. */

#ifndef MUNIMENT_MARKS_WORDS_H
#define MUNIMENT_MARKS_WORDS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

static int is_letter(char each)
{
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
}

/* Tell whether a small letter stands before a capital: such words are taken apart elsewhere. */
static int has_hump(const char *text, Py_ssize_t start, Py_ssize_t end)
{
    for (Py_ssize_t at = start; at + 1 < end; at++)
        if (text[at] >= 'a' && text[at] <= 'z' && text[at + 1] >= 'A' && text[at + 1] <= 'Z')
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

/* Give from where on the words before a place are read, as many as are asked for; -1 for a longer look. */
static Py_ssize_t begin_before(const char *text, Py_ssize_t start, Py_ssize_t reach, Py_ssize_t label,
                               Py_ssize_t most)
{
    Py_ssize_t first = start > reach ? start - reach : 0;
    int labelled = is_labelled(text, start > label ? start - label : 0, start);
    if (labelled)
        first = last_line(text, first, start);
    if (has_hump(text, first, start))
        return -1;
    Py_ssize_t from = last_words(text, first, start, most);
    if (from < 0) {
        from = first;
        if (!labelled && first && first < start && is_letter(text[first - 1]))
            while (from < start && is_letter(text[from]))
                from++; /* the rest of a word is none */
    }
    return from;
}

/* Give up to where the words behind a place on its line are read; -1 for a longer look. */
static Py_ssize_t end_behind(const char *text, Py_ssize_t size, Py_ssize_t end, Py_ssize_t reach)
{
    Py_ssize_t last = end + reach < size ? end + reach : size;
    const char *line = memchr(text + end, '\n', (size_t)(last - end));
    last = line ? line - text : last;
    return has_hump(text, end, last) ? -1 : last;
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
    Py_ssize_t from = begin_before(text, number[1], number[2], number[3], number[4]);
    if (from < 0)
        Py_RETURN_NONE;
    return words_of(text, from, number[1], number[4]);
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
    Py_ssize_t last = end_behind(text, number[0], number[1], number[2]);
    if (last < 0)
        Py_RETURN_NONE;
    return words_of(text, number[1], last, number[3]);
}

/* near(text, start, end, (before, label, most, behind, most)) -> the words before a place and those behind
   another, or None as above */
static PyObject *near_words(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    Py_ssize_t of[5], start = count == 4 ? PyLong_AsSsize_t(args[1]) : -1, end = count == 4 ? PyLong_AsSsize_t(args[2]) : -1;
    if (PyErr_Occurred())
        return NULL;
    if (count != 4 || !PyUnicode_Check(args[0]) || !PyTuple_Check(args[3]) || PyTuple_GET_SIZE(args[3]) != 5) {
        PyErr_SetString(PyExc_TypeError, "near(text, start, end, reaches) needs a text and five reaches");
        return NULL;
    }
    for (int at = 0; at < 5; at++) {
        of[at] = PyLong_AsSsize_t(PyTuple_GET_ITEM(args[3], at));
        if (PyErr_Occurred())
            return NULL;
        if (of[at] < 0 || of[at] > 1024 || start < 0 || end < 0) {
            PyErr_SetString(PyExc_ValueError, "such a place cannot be");
            return NULL;
        }
    }
    if (!PyUnicode_IS_ASCII(args[0]))
        Py_RETURN_NONE;
    const char *text = (const char *)PyUnicode_1BYTE_DATA(args[0]);
    Py_ssize_t size = PyUnicode_GET_LENGTH(args[0]);
    start = start < size ? start : size;
    end = end < size ? end : size;
    Py_ssize_t from = begin_before(text, start, of[0], of[1], of[2]), last = end_behind(text, size, end, of[3]);
    if (from < 0 || last < 0)
        Py_RETURN_NONE;
    PyObject *ahead = words_of(text, from, start, of[2]), *behind = words_of(text, end, last, of[4]);
    PyObject *told = ahead && behind ? PyTuple_Pack(2, ahead, behind) : NULL;
    Py_XDECREF(ahead);
    Py_XDECREF(behind);
    return told;
}

#endif
