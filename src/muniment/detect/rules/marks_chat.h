/* Takes the texts out of chats that are written as nearly all are; messages.py walks all others. */

#ifndef MUNIMENT_MARKS_CHAT_H
#define MUNIMENT_MARKS_CHAT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <string.h>

enum { DEEPEST = 8, MAY_BE_BYTES = 2048, LONGEST_WORD = 128 };

/* Which names of fields are known of, steer or hold others, which kinds cannot be read, and the texts. */
typedef struct {
    PyObject *known, *steering, *holding, *unreadable, *texts;
} Chat;

static int is_letter_or_digit(Py_UCS4 each)
{
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9');
}

/* Tell whether something is a word of the protocol, too plain to hide a value in. */
static int is_plain_word(PyObject *value)
{
    if (value == Py_None || PyLong_Check(value))
        return 1;
    if (!PyUnicode_CheckExact(value))
        return 0;
    Py_ssize_t size = PyUnicode_GET_LENGTH(value);
    if (!size || size > LONGEST_WORD || !PyUnicode_IS_ASCII(value))
        return 0;
    const char *text = (const char *)PyUnicode_1BYTE_DATA(value);
    for (Py_ssize_t at = 0; at < size; at++)
        if (!is_letter_or_digit((unsigned char)text[at]) && !(at && strchr("_./:-", text[at])))
            return 0;
    return !(text[0] >= '0' && text[0] <= '9') && !memchr(text, 0, (size_t)size);
}

/* Tell whether a text is surely no address of data and no bytes. */
static int is_text(PyObject *value)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(value);
    if (!size)
        return 1;
    Py_UCS4 first = PyUnicode_READ_CHAR(value, 0);
    if (first == 'd' || first == 'D' || Py_UNICODE_ISSPACE(first))
        return 0;
    if (size < MAY_BE_BYTES)
        return 1;
    for (Py_ssize_t at = 0; at < MAY_BE_BYTES; at++) {
        Py_UCS4 each = PyUnicode_READ_CHAR(value, at);
        if (!is_letter_or_digit(each) && (each > 127 || !each || !strchr("+/_\r\n-", (int)each)))
            return 1;
    }
    return 0;
}

/* Tell whether what stands under a name is said. */
static int is_said(PyObject *key)
{
    return PyUnicode_CompareWithASCIIString(key, "content") == 0 || PyUnicode_CompareWithASCIIString(key, "text") == 0;
}

static int take_part(const Chat *chat, PyObject *part, int level);

/* Take the texts of a list of parts; 1 if it is not so plain, -1 for an error. */
static int take_row(const Chat *chat, PyObject *row, int level)
{
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(row); at++) {
        PyObject *each = PyList_GET_ITEM(row, at);
        int told = PyDict_CheckExact(each) ? take_part(chat, each, level + 1) : 1;
        if (told)
            return told;
    }
    return 0;
}

static int take_field(const Chat *chat, PyObject *key, PyObject *value, int level)
{
    if (PyUnicode_CheckExact(value)) {
        if (is_said(key))
            return is_text(value) ? PyList_Append(chat->texts, value) : 1;
    } else if (PyList_CheckExact(value) || PyDict_CheckExact(value)) {
        int holds = PySet_Contains(chat->holding, key);
        if (holds != 1)
            return holds ? -1 : 1;
        return PyList_CheckExact(value) ? take_row(chat, value, level + 1)
                                        : take_part(chat, value, level + 1);
    }
    if (PyUnicode_CompareWithASCIIString(key, "type") == 0 && PyUnicode_CheckExact(value)) {
        int cannot = PySet_Contains(chat->unreadable, value);
        if (cannot)
            return cannot;
    }
    int known = PySet_Contains(value == Py_None ? chat->known : chat->steering, key);
    if (known < 0)
        return -1;
    return !(known && is_plain_word(value));
}

static int take_part(const Chat *chat, PyObject *part, int level)
{
    PyObject *key, *value;
    Py_ssize_t at = 0;
    if (level > DEEPEST)
        return 1;
    while (PyDict_Next(part, &at, &key, &value)) {
        int told = PyUnicode_CheckExact(key) ? take_field(chat, key, value, level) : 1;
        if (told)
            return told;
    }
    return 0;
}

/* chat(value, known, steering, holding, unreadable) -> its texts in their order, or None if it is not so plain */
static PyObject *chat(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    int fits = count == 5;
    for (Py_ssize_t at = 1; fits && at < 5; at++)
        fits = PyFrozenSet_CheckExact(args[at]);
    if (!fits) {
        PyErr_SetString(PyExc_TypeError, "chat(value, known, steering, holding, unreadable) needs four sets");
        return NULL;
    }
    if (!PyDict_CheckExact(args[0]))
        Py_RETURN_NONE;
    Chat told = {args[1], args[2], args[3], args[4], PyList_New(0)};
    int failed = told.texts ? take_part(&told, args[0], 0) : -1;
    if (!failed)
        return told.texts;
    Py_XDECREF(told.texts);
    if (failed < 0)
        return NULL;
    Py_RETURN_NONE;
}

/* What each text of a chat is to be, in their order, and at which of them we are. */
typedef struct {
    PyObject *holding, *texts;
    Py_ssize_t at;
} Retold;

static PyObject *retold_part(Retold *by, PyObject *part, int level);

/* Give a list with its texts as they are to be: itself where none is another. */
static PyObject *retold_row(Retold *by, PyObject *row, int level)
{
    PyObject *copy = NULL;
    for (Py_ssize_t at = 0; at < PyList_GET_SIZE(row); at++) {
        PyObject *each = PyList_GET_ITEM(row, at), *told = NULL;
        if (PyDict_CheckExact(each))
            told = retold_part(by, each, level + 1);
        else
            PyErr_SetString(PyExc_ValueError, "the chat is another one");
        if (told && told != each && !copy)
            copy = PyList_GetSlice(row, 0, PyList_GET_SIZE(row));
        if (!told || (told != each && (!copy || PyList_SetItem(copy, at, Py_NewRef(told))))) {
            Py_XDECREF(told);
            Py_XDECREF(copy);
            return NULL;
        }
        Py_DECREF(told);
    }
    return copy ? copy : Py_NewRef(row);
}

/* Give what a field is to hold; NULL for an error. */
static PyObject *retold_field(Retold *by, PyObject *key, PyObject *value, int level)
{
    if (PyUnicode_CheckExact(value) && is_said(key)) {
        if (by->at < PyList_GET_SIZE(by->texts))
            return Py_NewRef(PyList_GET_ITEM(by->texts, by->at++));
        PyErr_SetString(PyExc_ValueError, "the chat has more texts");
        return NULL;
    }
    int holds = PyList_CheckExact(value) || PyDict_CheckExact(value) ? PySet_Contains(by->holding, key) : 0;
    if (holds < 0)
        return NULL;
    if (!holds)
        return Py_NewRef(value);
    return PyList_CheckExact(value) ? retold_row(by, value, level + 1) : retold_part(by, value, level + 1);
}

/* Give a part with its texts as they are to be: itself where none is another. */
static PyObject *retold_part(Retold *by, PyObject *part, int level)
{
    PyObject *key, *value, *copy = NULL;
    Py_ssize_t at = 0;
    if (level > DEEPEST) {
        PyErr_SetString(PyExc_ValueError, "the chat is too deep");
        return NULL;
    }
    while (PyDict_Next(part, &at, &key, &value)) {
        PyObject *told = PyUnicode_CheckExact(key) ? retold_field(by, key, value, level) : Py_NewRef(value);
        if (told && told != value && !copy)
            copy = PyDict_Copy(part);
        if (!told || (told != value && (!copy || PyDict_SetItem(copy, key, told)))) {
            Py_XDECREF(told);
            Py_XDECREF(copy);
            return NULL;
        }
        Py_DECREF(told);
    }
    return copy ? copy : Py_NewRef(part);
}

/* retold(value, holding, texts) -> the chat with these for the texts that `chat` gives of it */
static PyObject *retold(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 3 || !PyDict_CheckExact(args[0]) || !PyFrozenSet_CheckExact(args[1]) || !PyList_CheckExact(args[2])) {
        PyErr_SetString(PyExc_TypeError, "retold(value, holding, texts) needs a chat, a set and a list");
        return NULL;
    }
    Retold by = {args[1], args[2], 0};
    PyObject *told = retold_part(&by, args[0], 0);
    if (told && by.at != PyList_GET_SIZE(args[2])) {
        PyErr_SetString(PyExc_ValueError, "the chat has fewer texts");
        Py_CLEAR(told);
    }
    return told;
}

#endif
