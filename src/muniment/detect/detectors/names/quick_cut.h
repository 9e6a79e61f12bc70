/* Cuts a text into its words, as tokens.py does. */

#ifndef MUNIMENT_QUICK_CUT_H
#define MUNIMENT_QUICK_CUT_H

#include "quick_words.h"

static Word *new_word(Text *text, Py_ssize_t start, Py_ssize_t size)
{
    if (text->count == text->room) {
        Py_ssize_t room = text->room ? text->room * 2 : text->size / 4 + 16;
        Word *more = PyMem_RawRealloc(text->word, sizeof(Word) * (size_t)room);
        if (!more) {
            PyErr_NoMemory();
            return NULL;
        }
        text->word = more;
        text->room = room;
    }
    Word *word = &text->word[text->count++];
    memset(word, 0, sizeof *word);
    word->start = start;
    word->size = (int32_t)size;
    word->odd = word->row = -1;
    return word;
}

/* How a word is made: its letters so far, and whether some are beyond ASCII. */
typedef struct {
    int lower, upper, odd;
} Made;

/* Read whole eights of a narrow text while all are of a word; give how many bytes of it are. */
static Py_ssize_t read_eights(const Text *text, Py_ssize_t at, Made *made, int *ended)
{
#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    while (text->width == 1 && at + 8 <= text->size) {
        uint64_t eight;
        memcpy(&eight, (const char *)text->data + at, 8);
        if (eight & EIGHT(128))
            break;
        uint64_t upper = are_from(eight, 'A', 'Z'), lower = are_from(eight, 'a', 'z');
        uint64_t others = ~(upper | lower | are_from(eight, '0', '9')) & EIGHT(128);
        uint64_t in = others ? (others & -others) - 1 : ~0ULL; /* what stands before the first other */
        made->upper += (int)(((upper & in) >> 7) * EIGHT(1) >> 56);
        made->lower += (int)(((lower & in) >> 7) * EIGHT(1) >> 56);
        if (others) {
            *ended = 1;
            return at + (__builtin_ctzll(others) >> 3);
        }
        at += 8;
    }
#endif
    return at;
}

/* Give where the word ends that begins here. */
static Py_ssize_t end_of_word(const Text *text, Py_ssize_t at, Made *made)
{
    int ended = 0;
    at = read_eights(text, at, made, &ended);
    for (; !ended && at < text->size; at++) {
        Py_UCS4 each = letter(text, at);
        if (!is_of_word(each) && (each < 0x300 || each > 0x36F))
            break;
        made->lower += each >= 'a' && each <= 'z';
        made->upper += each >= 'A' && each <= 'Z';
        made->odd |= each > 127;
    }
    return at;
}

/* Add the word that begins here, in a chunk that began before it; give where it ends. */
static Py_ssize_t add_word(const Rules *rules, Text *text, PyObject *whole, Py_ssize_t begin, Py_ssize_t at)
{
    Made made = {0};
    Py_ssize_t end = end_of_word(text, at, &made);
    Word *word = new_word(text, at, end - at);
    if (!word)
        return -1;
    word->before = at > begin ? kind_of(rules, letter(text, at - 1)) : 0;
    word->after = end < text->size && !is_blank(letter(text, end)) ? kind_of(rules, letter(text, end)) : 0;
    if (made.odd || word->size > MAX_LETTERS)
        return know_odd(rules, text, whole, word, 0) ? -1 : end;
    word->shape = shape_of(rules, text, word, made.lower, made.upper);
    know_plain(rules, text, word);
    return end;
}

/* Add what stands between two blanks without a letter or a number in it, as one word. */
static int add_marks(const Rules *rules, Text *text, PyObject *whole, Py_ssize_t begin, Py_ssize_t end)
{
    Py_ssize_t size = end - begin < MAX_LETTERS ? end - begin : MAX_LETTERS;
    Word *word = new_word(text, begin, size);
    if (!word)
        return -1;
    word->before = word->after = kind_of(rules, letter(text, begin));
    word->shape = (uint8_t)rules->constant[S_MARK];
    for (Py_ssize_t at = begin; at < begin + size; at++)
        if (letter(text, at) > 127)
            return know_odd(rules, text, whole, word, 1);
    know_plain(rules, text, word);
    return 0;
}

/* Add the words up to the next blank; give where that is. */
static Py_ssize_t cut_chunk(const Rules *rules, Text *text, PyObject *whole, Py_ssize_t begin)
{
    Py_ssize_t at = begin, first = text->count;
    while (at < text->size) {
        Py_UCS4 each = letter(text, at);
        if (is_blank(each))
            break;
        if (!is_of_word(each))
            at++;
        else if ((at = add_word(rules, text, whole, begin, at)) < 0)
            return -1;
    }
    if (text->count == first && begin < at && add_marks(rules, text, whole, begin, at))
        return -1;
    for (; first < text->count; first++)
        text->word[first].chunk_end = at;
    return at;
}

static int cut_text(const Rules *rules, Text *text, PyObject *whole)
{
    text->data = PyUnicode_DATA(whole);
    text->width = PyUnicode_KIND(whole);
    text->size = PyUnicode_GET_LENGTH(whole);
    for (Py_ssize_t at = 0; at < text->size; at++) {
        at = cut_chunk(rules, text, whole, at);
        if (at < 0)
            return -1;
        if (at < text->size && letter(text, at) == '\n') {
            Word *word = new_word(text, at, 1);
            if (!word)
                return -1;
            word->chunk_end = at;
            word->before = word->after = kind_of(rules, '\n');
            word->shape = (uint8_t)rules->constant[S_LINE_END];
            word->row = 0;
        }
    }
    return 0;
}

#endif
