/* The list of words with their rows and bits, found by their hashes, and the few that mean something. */

#ifndef MUNIMENT_QUICK_LIST_H
#define MUNIMENT_QUICK_LIST_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

enum { MOST_MEANT = 512 };

/* Ask for memory that will be needed soon, where the compiler can say so. */
#ifdef __GNUC__
#define SOON(place) __builtin_prefetch(place)
#else
#define SOON(place) ((void)(place))
#endif

typedef struct {
    const char *words; /* all listed words with a blank between two of them */
    Py_ssize_t size;
    const uint16_t *row, *known;
    uint32_t *starts, *slots; /* where each begins; for each slot a word and some bits of its hash */
    uint32_t count, mask;
    struct Lately *lately; /* words that were looked up lately, each where its hash says */
} List;

enum { LATELY = 1 << 13, LATELY_SIZE = 22 };

/* A short word and what the list says of it: one line of memory where the list has five. */
typedef struct Lately {
    char text[LATELY_SIZE];
    uint8_t size, is_listed;
    uint16_t row, known;
    uint32_t nothing;
} Lately;

typedef struct {
    uint64_t hash[MOST_MEANT];
    uint8_t flags[MOST_MEANT];
} Meant;

static inline uint64_t mixed(uint64_t hash, uint64_t each)
{
    hash = (hash ^ each) * 0x9E3779B97F4A7C15ULL;
    hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93ULL;
    return hash ^ hash >> 29;
}

static uint64_t hash_of(const char *text, Py_ssize_t size)
{
    uint64_t hash = (uint64_t)size, part;
    for (; size >= 8; size -= 8, text += 8) {
        memcpy(&part, text, 8);
        hash = mixed(hash, part);
    }
    part = 0;
    memcpy(&part, text, (size_t)size);
    return mixed(hash, part);
}

/* Give the same for a short text behind which there are zeros. */
static inline uint64_t hash_eights(const uint64_t *eight, int size)
{
    uint64_t hash = (uint64_t)size;
    for (int at = 0; at <= size / 8; at++)
        hash = mixed(hash, eight[at]);
    return hash;
}

static Py_ssize_t listed_size(const List *list, uint32_t number)
{
    Py_ssize_t end = number + 1 < list->count ? (Py_ssize_t)list->starts[number + 1] - 1 : list->size;
    return end - list->starts[number];
}

/* Put every word into the slot of its hash; 17 bits of a slot are a word, 15 are of its hash. */
static int list_index(List *list)
{
    uint32_t count = 1;
    for (Py_ssize_t at = 0; at < list->size; at++)
        count += list->words[at] == ' ';
    if (list->count != count || count >= (1u << 17) - 1 || list->size >= UINT32_MAX) {
        PyErr_SetString(PyExc_ValueError, "the words do not fit their rows");
        return -1;
    }
    list->mask = (1u << 18) - 1;
    list->starts = PyMem_RawMalloc(sizeof(uint32_t) * count);
    list->slots = PyMem_RawCalloc((size_t)list->mask + 1, sizeof(uint32_t));
    list->lately = PyMem_RawCalloc(LATELY, sizeof(Lately));
    if (!list->starts || !list->slots || !list->lately) {
        PyErr_NoMemory();
        return -1;
    }
    uint32_t number = 0;
    list->starts[number++] = 0;
    for (Py_ssize_t at = 0; at < list->size; at++)
        if (list->words[at] == ' ')
            list->starts[number++] = (uint32_t)at + 1;
    for (number = 0; number < count; number++) {
        uint64_t hash = hash_of(list->words + list->starts[number], listed_size(list, number));
        uint32_t slot = (uint32_t)(hash >> 20) & list->mask;
        while (list->slots[slot])
            slot = (slot + 1) & list->mask;
        list->slots[slot] = (number + 1) << 15 | (uint32_t)(hash >> 49);
    }
    return 0;
}

/* Give the number of a listed word, or -1. */
static int64_t list_find(const List *list, uint64_t hash, const char *text, Py_ssize_t size)
{
    uint32_t slot = (uint32_t)(hash >> 20) & list->mask, sign = (uint32_t)(hash >> 49);
    for (; list->slots[slot]; slot = (slot + 1) & list->mask) {
        if ((list->slots[slot] & 0x7FFF) != sign)
            continue;
        uint32_t number = (list->slots[slot] >> 15) - 1;
        if (listed_size(list, number) == size
            && memcmp(list->words + list->starts[number], text, (size_t)size) == 0)
            return number;
    }
    return -1;
}

/* Look a short word up, first among those of lately; whoever asks has the turn. */
static const Lately *list_look(const List *list, uint64_t hash, const char *text, int size)
{
    Lately *lately = &list->lately[hash >> 8 & (LATELY - 1)];
    if (lately->size != size || memcmp(lately->text, text, (size_t)size) != 0) {
        int64_t number = list_find(list, hash, text, size);
        lately->size = (uint8_t)size;
        memcpy(lately->text, text, (size_t)size);
        lately->is_listed = number >= 0;
        lately->row = number < 0 ? 0 : list->row[number];
        lately->known = number < 0 ? 0 : list->known[number];
    }
    return lately;
}

static uint8_t meant_of(const Meant *meant, uint64_t hash)
{
    for (uint32_t slot = hash & (MOST_MEANT - 1); meant->flags[slot]; slot = (slot + 1) & (MOST_MEANT - 1))
        if (meant->hash[slot] == hash)
            return meant->flags[slot];
    return 0;
}

#endif
