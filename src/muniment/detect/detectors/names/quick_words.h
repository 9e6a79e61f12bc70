/* Says of a word how it is written, what touches it and what lists know.

   It does what tokens.py, candidates.py and features.py do, and gives the same; tests compare them.
   What is rare, such as letters beyond ASCII, is asked of Python itself. */

#ifndef MUNIMENT_QUICK_WORDS_H
#define MUNIMENT_QUICK_WORDS_H

#include "quick_list.h"

enum { LEFT = 5, RIGHT = 3, WINDOW = LEFT + 1 + RIGHT };
enum { MAX_LETTERS = 24, ENDS = 6, PARTS = 9, MOST_MARKS = 64 };
enum { COUNTS = 1, HEAVY = 2, FORM = 4, ADDRESSES = 8, TAKES_ADDRESS = 16, PLACE = 32, GIVEN = 64 };
enum { ROAD = 1, SMALL = 2, ADDRESSED = 4, FORM_WORD = 8, LAST_LETTER = 16 };

/* The numbers that Python gives to shapes, marks and bits, in the order of compiled.py. */
enum {
    S_LINE_END, S_MARK, S_LOWER, S_CAPITAL, S_CAPITALS, S_INITIAL, S_SHORT, S_CAMEL, S_DIGIT,
    S_MIXED_LOWER, S_MIXED, S_TOO_LONG, S_INNER, S_FOREIGN, M_OTHER, M_DOT, M_SLASH, BIG, JOB, NAMELIKE, COMMON,
    HONORIFIC, NO_MORE, SAYS_NO_MORE, GEO, OF_OTHERS, GIVEN_NAME, NOT_OF_PEOPLE, LISTED, JOINS,
    CONSTANTS
};

typedef struct {
    Py_ssize_t start, chunk_end; /* the word's first character; the blank behind its chunk */
    int32_t size, odd;           /* how many characters; where its letters are kept, or -1 */
    int32_t row;                 /* its row in the list of words, -1 before it was looked up */
    uint16_t bits;
    uint8_t shape, before, after, told, listed;
} Word;

/* The first and the last letters of a word that has some beyond ASCII, in small letters. */
typedef struct {
    uint32_t first[ENDS], last[ENDS];
} Letters;

typedef struct {
    Py_buffer words_, row_, known_;
    List list;
    Meant meant; /* the few words that mean something by themselves */
    uint32_t constant[CONSTANTS];
    uint32_t mark[MOST_MARKS];
    uint8_t kind[MOST_MARKS], ascii_kind[128];
    int marks;
    Py_ssize_t shapes, kinds; /* how many of them the tables know */
    PyObject *lower;
} Rules;

typedef struct {
    Word *word;
    Letters *odd;
    Py_ssize_t count, room;
    int32_t odds, odd_room;
    const void *data;
    int width;
    Py_ssize_t size;
} Text;

static inline Py_UCS4 letter(const Text *text, Py_ssize_t at)
{
    return PyUnicode_READ(text->width, text->data, at);
}

static inline int is_of_word(Py_UCS4 each)
{
    if (each < 128)
        return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9');
    return Py_UNICODE_ISALNUM(each);
}

static inline int is_blank(Py_UCS4 each)
{
    return each == ' ' || each == '\n';
}

#define EIGHT(each) (0x0101010101010101ULL * (each))

/* Mark, by its highest bit, each of eight bytes below 128 that is from `first` to `last`. */
static inline uint64_t are_from(uint64_t eight, unsigned first, unsigned last)
{
    return (eight + EIGHT(128 - first)) & ~(eight + EIGHT(127 - last)) & EIGHT(128);
}

static inline uint32_t small(uint32_t each)
{
    return each >= 'A' && each <= 'Z' ? each + 32 : each;
}

/* ---- One word */

static uint8_t kind_of(const Rules *rules, Py_UCS4 mark)
{
    if (mark < 128)
        return rules->ascii_kind[mark];
    for (int at = 0; at < rules->marks; at++)
        if (rules->mark[at] == mark)
            return rules->kind[at];
    return (uint8_t)rules->constant[M_OTHER];
}

/* Say how a word of ASCII is written: counts of its small letters, capitals and digits decide. */
static uint8_t shape_of(const Rules *rules, const Text *text, const Word *word, int lower, int upper)
{
    const uint32_t *is = rules->constant;
    int size = word->size, letters = lower + upper;
    if (size > MAX_LETTERS)
        return (uint8_t)is[S_TOO_LONG];
    if (letters < size) {
        if (!letters)
            return (uint8_t)(is[S_DIGIT] + (uint32_t)(size < 6 ? size : 6) - 1);
        return (uint8_t)is[upper ? S_MIXED : S_MIXED_LOWER];
    }
    if (!upper)
        return (uint8_t)is[S_LOWER];
    if (!lower)
        return (uint8_t)is[size == 1 ? S_INITIAL : size < 4 ? S_SHORT : S_CAPITALS];
    Py_UCS4 first = letter(text, word->start), third = size > 2 ? letter(text, word->start + 2) : 'a';
    if (first >= 'a')
        return (uint8_t)is[S_CAMEL];
    if (upper == 1)
        return (uint8_t)is[S_CAPITAL];
    if (third < 'a' || (first == 'M' && letter(text, word->start + 1) == 'a' && third == 'c'))
        return (uint8_t)is[S_INNER];
    return (uint8_t)is[S_CAMEL];
}

/* Say how a word with letters beyond ASCII is written; `low` is the same in small letters. */
static uint8_t shape_odd(const Rules *rules, PyObject *value, PyObject *low)
{
    const uint32_t *is = rules->constant;
    Py_ssize_t size = PyUnicode_GET_LENGTH(value);
    int letters = 1, digits = 1, lower = 0, upper = 0, title = 0, rest_small = 1, rest_cased = 0;
    if (size > MAX_LETTERS)
        return (uint8_t)is[S_TOO_LONG];
    for (Py_ssize_t at = 0; at < size; at++) {
        Py_UCS4 each = PyUnicode_READ_CHAR(value, at);
        if (each > 0x24F && !(each >= 0x1E00 && each <= 0x1EFF) && !(each >= 0x300 && each <= 0x36F))
            return (uint8_t)is[S_FOREIGN];
        letters &= Py_UNICODE_ISALPHA(each) != 0;
        digits &= Py_UNICODE_ISDIGIT(each) != 0;
        lower |= Py_UNICODE_ISLOWER(each) != 0;
        upper |= Py_UNICODE_ISUPPER(each) != 0;
        title |= Py_UNICODE_ISTITLE(each) != 0;
        if (at && (Py_UNICODE_ISUPPER(each) || Py_UNICODE_ISTITLE(each)))
            rest_small = 0;
        rest_cased |= at && Py_UNICODE_ISLOWER(each);
    }
    if (!letters) {
        if (digits)
            return (uint8_t)(is[S_DIGIT] + (uint32_t)(size < 6 ? size : 6) - 1);
        return (uint8_t)is[PyUnicode_Compare(value, low) ? S_MIXED : S_MIXED_LOWER];
    }
    if (lower && !upper && !title)
        return (uint8_t)is[S_LOWER];
    if (upper && !lower && !title)
        return (uint8_t)is[size == 1 ? S_INITIAL : size < 4 ? S_SHORT : S_CAPITALS];
    if (!Py_UNICODE_ISUPPER(PyUnicode_READ_CHAR(value, 0)))
        return (uint8_t)is[S_CAMEL];
    if (rest_small && rest_cased)
        return (uint8_t)is[S_CAPITAL];
    if ((size > 2 && Py_UNICODE_ISUPPER(PyUnicode_READ_CHAR(value, 2)))
        || (size > 2 && PyUnicode_READ_CHAR(value, 0) == 'M' && PyUnicode_READ_CHAR(value, 1) == 'a'
            && PyUnicode_READ_CHAR(value, 2) == 'c'))
        return (uint8_t)is[S_INNER];
    return (uint8_t)is[S_CAMEL];
}

/* Say what is reason to look at a word: as `reasons` of candidates.py. */
static uint8_t reasons(const Rules *rules, const Word *word, int listed, uint8_t meant, uint8_t form)
{
    const uint32_t *is = rules->constant;
    uint32_t bits = word->bits, big = is[BIG] >> word->shape & 1, capital = word->shape == is[S_CAPITAL];
    uint8_t told = 0;
    int strong = (int)big;
    if (!big && word->shape == is[S_LOWER] && word->size >= 3)
        strong = meant & ROAD || (listed && (bits & is[JOB] || (bits & is[NAMELIKE] && !(bits & is[COMMON]))));
    if (strong) {
        uint32_t written = capital ? bits : 0;
        int weak = meant & SMALL || (written & is[NO_MORE] && !(written & is[SAYS_NO_MORE]));
        told = weak ? COUNTS : COUNTS | HEAVY;
    }
    if (meant & ADDRESSED)
        told |= ADDRESSES;
    if (form & FORM_WORD
        || (form & LAST_LETTER && (word->before == is[M_DOT] || word->before == is[M_SLASH])))
        told |= FORM;
    if (!big)
        return told;
    if (!(meant & ADDRESSED) && (bits & is[NAMELIKE] || !(bits & (is[COMMON] | is[HONORIFIC]))))
        told |= TAKES_ADDRESS;
    if (capital && bits & is[GEO] && !(bits & is[OF_OTHERS]))
        told |= PLACE;
    if (capital && bits & is[GIVEN_NAME] && !(bits & is[NOT_OF_PEOPLE]))
        told |= GIVEN;
    return told;
}

static void set_listed(const Rules *rules, Word *word, int64_t number)
{
    word->row = number < 0 ? 0 : rules->list.row[number];
    word->bits = number < 0 ? 0 : rules->list.known[number];
    word->listed = (word->bits & rules->constant[LISTED]) != 0;
}

/* Look a word of ASCII up, and judge it if it could be reason to look at all. */
static void know_plain(const Rules *rules, const Text *text, Word *word)
{
    uint64_t low[MAX_LETTERS / 8 + 1] = {0}, as_is[MAX_LETTERS / 8 + 1] = {0};
    int size = word->size < MAX_LETTERS ? word->size : MAX_LETTERS, is_listed;
    if (text->width == 1)
        memcpy(as_is, (const char *)text->data + word->start, (size_t)size);
    else
        for (int at = 0; at < size; at++)
            ((char *)as_is)[at] = (char)letter(text, word->start + at);
    for (int at = 0; at < MAX_LETTERS / 8; at++)
        low[at] = as_is[at] | are_from(as_is[at], 'A', 'Z') >> 2;
    uint64_t hash = hash_eights(low, size);
    if (size <= LATELY_SIZE) {
        const Lately *lately = list_look(&rules->list, hash, (const char *)low, size);
        word->row = lately->row;
        word->bits = lately->known;
        word->listed = (word->bits & rules->constant[LISTED]) != 0;
        is_listed = lately->is_listed;
    } else {
        int64_t number = list_find(&rules->list, hash, (const char *)low, size);
        set_listed(rules, word, number);
        is_listed = number >= 0;
    }
    int is_lower = word->shape == rules->constant[S_LOWER];
    if (!is_lower && !(rules->constant[BIG] >> word->shape & 1))
        return;
    uint8_t meant = meant_of(&rules->meant, hash);
    uint8_t form = is_lower ? meant : meant_of(&rules->meant, hash_eights(as_is, size));
    meant &= ROAD | SMALL | ADDRESSED;
    word->told = reasons(rules, word, is_listed, meant, form & (FORM_WORD | LAST_LETTER));
}

/* Keep the first and last letters of a word, for the hashes of its parts. */
static int keep_letters(Text *text, Word *word, PyObject *low)
{
    if (text->odds == text->odd_room) {
        int32_t room = text->odd_room ? text->odd_room * 2 : 32;
        Letters *more = PyMem_RawRealloc(text->odd, sizeof(Letters) * (size_t)room);
        if (!more) {
            PyErr_NoMemory();
            return -1;
        }
        text->odd = more;
        text->odd_room = room;
    }
    Letters *kept = &text->odd[text->odds];
    Py_ssize_t size = PyUnicode_GET_LENGTH(low);
    memset(kept, 0, sizeof *kept);
    for (Py_ssize_t at = 0; at < ENDS && at < size; at++) {
        kept->first[at] = PyUnicode_READ_CHAR(low, at);
        kept->last[at] = PyUnicode_READ_CHAR(low, size - 1 - at);
    }
    word->odd = text->odds++;
    return 0;
}

/* Look a text up in the list; -1 if it is not there, -2 for an error. */
static int64_t find_text(const Rules *rules, PyObject *text, uint64_t *hash)
{
    Py_ssize_t size;
    const char *utf8 = PyUnicode_AsUTF8AndSize(text, &size);
    if (!utf8) {
        if (!PyErr_ExceptionMatches(PyExc_UnicodeEncodeError))
            return -2;
        PyErr_Clear(); /* half a pair of surrogates: no list has it */
        *hash = 0;
        return -1;
    }
    *hash = hash_of(utf8, size);
    return list_find(&rules->list, *hash, utf8, size);
}

/* Do for a word with letters beyond ASCII, or for a very long one, what is done for plain ones. */
static int know_odd(const Rules *rules, Text *text, PyObject *whole, Word *word, int is_mark)
{
    int failed = -1;
    uint64_t hash;
    Py_ssize_t size = word->size < MAX_LETTERS ? word->size : MAX_LETTERS;
    PyObject *low = NULL, *value = PyUnicode_Substring(whole, word->start, word->start + size);
    if (!value || !(low = PyObject_CallMethodNoArgs(value, rules->lower)) || keep_letters(text, word, low))
        goto end;
    int64_t number = find_text(rules, low, &hash);
    if (number == -2)
        goto end;
    set_listed(rules, word, number);
    if (word->size > MAX_LETTERS)
        word->shape = (uint8_t)rules->constant[S_TOO_LONG];
    else if (!is_mark)
        word->shape = shape_odd(rules, value, low);
    if (word->shape == rules->constant[S_LOWER] || rules->constant[BIG] >> word->shape & 1) {
        uint8_t meant = meant_of(&rules->meant, hash) & (ROAD | SMALL | ADDRESSED);
        word->told = reasons(rules, word, number >= 0, meant, 0); /* no legal form is written so */
    }
    failed = PyErr_Occurred() ? -1 : 0;
    if (!failed && word->size > MAX_LETTERS) { /* whether it is listed is asked of all of it */
        Py_SETREF(value, PyUnicode_Substring(whole, word->start, word->start + word->size));
        Py_SETREF(low, value ? PyObject_CallMethodNoArgs(value, rules->lower) : NULL);
        number = low ? find_text(rules, low, &hash) : -2;
        word->listed = number >= 0 && (rules->list.known[number] & rules->constant[LISTED]) != 0;
        failed = number == -2 ? -1 : 0;
    }
end:
    Py_XDECREF(low);
    Py_XDECREF(value);
    return failed;
}

#endif
