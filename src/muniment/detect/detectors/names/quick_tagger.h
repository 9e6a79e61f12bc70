/* Scores the words of a text: the two layers of the tagger, and which words they are asked about.

   It does what scores.py does, and gives the same. */

#ifndef MUNIMENT_QUICK_TAGGER_H
#define MUNIMENT_QUICK_TAGGER_H

#include <math.h>

#include "quick_cut.h"

enum { MOST_INNER = 64, MOST_HIDDEN = 256, MOST_LABELS = 32 };
enum { PERSON, FIRM, LOCATION, LIMIT, MOST_TOTAL, MOST_ACTIVE, WHOLE_NUMBERS };
enum { FIRST_SCALE, SECOND_SCALE, UNSURE, IF_ADDRESSED, IF_PLACE, IF_GIVEN, TWICE, NUMBERS };
enum { A_LOT = 1 << 14, KEPT = 1 << 9 };

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define HAS_AVX2
#endif

typedef struct Reader {
    PyObject_HEAD
    Rules rules;
    Py_buffer parts, rows, shape, before, after, known, multipliers;
    int inner, hidden, labels, part_bits;
    void (*share_of)(const struct Reader *, int, const int16_t *, int16_t *);
    void (*label)(const struct Reader *, const int16_t **, float *);
    int8_t *first;    /* for each place of the window, each pair of inner values, each hidden one: two */
    int16_t *second;  /* for each label, each hidden value */
    char *kept;       /* shares of words that were seen lately; whoever reads it has the turn */
    int16_t bias[MOST_HIDDEN];
    float label_bias[MOST_LABELS], number[NUMBERS];
    PyObject *touching, *joining, *apart; /* what may stand between two words of a name, or never does */
    double twice;
    int whole[WHOLE_NUMBERS];
} Reader;

/* All that the tables are asked about a word, and nothing else: two words of one key are alike. */
typedef struct {
    Letters letters;
    int32_t row;
    uint16_t bits;
    uint8_t shape, before, after, nothing[7];
} Key;

/* A word with its shares in the hidden values, as far as they were asked for. The whole key is compared,
   so that no word can be taken for another. */
typedef struct {
    Key key;
    int16_t total[MOST_INNER];
    uint32_t version; /* another one for each word that was kept here; 0 before the first */
    uint32_t known;   /* for each place of the window, whether its share is there */
    int16_t share[];
} Kept;

typedef struct {
    char *kept;
    size_t size;          /* of one */
    Py_ssize_t word[17];  /* of the words around a place, the last being none: which these are, */
    Key key[17];          /* what they are known by, */
    uint32_t slot[17];    /* where they are kept, */
    uint32_t version[17]; /* and as which version they were seen there */
    int16_t moved[WINDOW][MOST_HIDDEN]; /* shares whose place another word of the window has taken */
} Shares;

static void take_key(const Text *text, const Word *word, Key *key)
{
    int size = word->size < MAX_LETTERS ? word->size : MAX_LETTERS;
    memset(key, 0, sizeof *key);
    if (word->odd >= 0) {
        key->letters = text->odd[word->odd];
    } else {
        for (int at = 0; at < ENDS && at < size; at++) {
            key->letters.first[at] = small(letter(text, word->start + at));
            key->letters.last[at] = small(letter(text, word->start + size - 1 - at));
        }
    }
    key->row = word->row;
    key->bits = word->bits;
    key->shape = word->shape;
    key->before = word->before;
    key->after = word->after;
}

static void part_hashes(const Reader *self, const Letters *letters, int32_t *part)
{
    const uint64_t *factor = self->multipliers.buf;
    uint64_t sum[PARTS] = {0};
    for (int at = 0; at < ENDS; at++) {
        uint64_t first = letters->first[at], last = letters->last[at];
        for (int which = 0; which < PARTS; which++)
            sum[which] += first * factor[at * PARTS + which] + last * factor[(ENDS + at) * PARTS + which];
    }
    for (int which = 0; which < PARTS; which++) {
        uint64_t mix = sum[which];
        mix ^= mix >> 29;
        mix *= 0xBF58476D1CE4E5B9ULL;
        part[which] = (int32_t)(mix >> (64 - self->part_bits));
    }
}

/* Add some numbers to sums; what is added never lies where the sums are. */
static inline void add_small(int32_t *restrict sum, const int8_t *restrict share, int inner)
{
    int at = 0;
    for (; at + 16 <= inner; at += 16)
        for (int each = 0; each < 16; each++) /* so many that a compiler adds them at once */
            sum[at + each] += share[at + each];
    for (; at < inner; at++)
        sum[at] += share[at];
}

static inline void add_wide(int32_t *restrict sum, const int16_t *restrict share, int inner)
{
    for (int at = 0; at < inner; at++)
        sum[at] += share[at];
}

/* Add up all that the tables say of a word. What lies far apart is asked for before it is needed. */
static void add_up(const Reader *self, const Key *key, int16_t *restrict total)
{
    int inner = self->inner, most = self->whole[MOST_TOTAL];
    int32_t part[PARTS], sum[MOST_INNER] = {0};
    const int8_t *row = (const int8_t *)self->rows.buf + (Py_ssize_t)key->row * inner;
    SOON(row);
    part_hashes(self, &key->letters, part);
    for (int which = 0; which < PARTS; which++)
        SOON((const int8_t *)self->parts.buf + (Py_ssize_t)part[which] * inner);
    add_wide(sum, (const int16_t *)self->shape.buf + key->shape * inner, inner);
    add_wide(sum, (const int16_t *)self->before.buf + key->before * inner, inner);
    add_wide(sum, (const int16_t *)self->after.buf + key->after * inner, inner);
    for (uint32_t bits = key->bits, bit = 0; bits >> bit; bit++)
        if (bits >> bit & 1)
            add_wide(sum, (const int16_t *)self->known.buf + (Py_ssize_t)bit * inner, inner);
    add_small(sum, row, inner);
    for (int which = 0; which < PARTS; which++)
        add_small(sum, (const int8_t *)self->parts.buf + (Py_ssize_t)part[which] * inner, inner);
    for (int at = 0; at < inner; at++)
        total[at] = (int16_t)(sum[at] > most ? most : sum[at] < -most ? -most : sum[at]);
}

/* Work out the share of a word that stands somewhere in a window. */
static void share_of(const Reader *self, int where, const int16_t *total, int16_t *share)
{
    int32_t sum[MOST_HIDDEN];
    int wide = self->hidden;
    const int8_t *factor = self->first + (Py_ssize_t)where * self->inner * wide;
    float scale = self->number[FIRST_SCALE], limit = (float)self->whole[LIMIT];
    memset(sum, 0, sizeof(int32_t) * (size_t)wide);
    for (int pair = 0; pair < self->inner; pair += 2, factor += 2 * wide) {
        int32_t one = total[pair], other = total[pair + 1];
        for (int at = 0; at < wide; at++)
            sum[at] += one * factor[2 * at] + other * factor[2 * at + 1];
    }
    for (int at = 0; at < wide; at++) {
        float value = (float)sum[at] * scale;
        value = value > limit ? limit : value < -limit ? -limit : value;
        value = (value + 12582912.0f) - 12582912.0f; /* the nearest whole number, the even one of two */
        share[at] = (int16_t)value;
    }
}

#ifdef HAS_AVX2
/* The same, 48 hidden values at a time in registers. */
__attribute__((target("avx2"))) static void share_avx2(const Reader *self, int where, const int16_t *total,
                                                       int16_t *share)
{
    int wide = self->hidden;
    const int8_t *factors = self->first + (Py_ssize_t)where * self->inner * wide;
    __m256 scale = _mm256_set1_ps(self->number[FIRST_SCALE]);
    __m256i limit = _mm256_set1_epi16((int16_t)self->whole[LIMIT]);
    __m256i least = _mm256_sub_epi16(_mm256_setzero_si256(), limit);
    for (int at = 0; at < wide; at += 48) {
        __m256i sum[6];
        const int8_t *factor = factors + 2 * at;
        for (int part = 0; part < 6; part++)
            sum[part] = _mm256_setzero_si256();
        for (int pair = 0; pair < self->inner; pair += 2, factor += 2 * wide) {
            int32_t both;
            memcpy(&both, total + pair, sizeof both);
            __m256i value = _mm256_set1_epi32(both);
            for (int part = 0; part < 6; part++) {
                __m256i some = _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(factor + 16 * part)));
                sum[part] = _mm256_add_epi32(sum[part], _mm256_madd_epi16(value, some));
            }
        }
        for (int part = 0; part < 6; part += 2) {
            __m256i one = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_cvtepi32_ps(sum[part]), scale));
            __m256i two = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_cvtepi32_ps(sum[part + 1]), scale));
            __m256i both = _mm256_permute4x64_epi64(_mm256_packs_epi32(one, two), 0xD8);
            both = _mm256_max_epi16(_mm256_min_epi16(both, limit), least);
            _mm256_storeu_si256((__m256i *)(share + at + 8 * part), both);
        }
    }
}
#endif

static uint32_t slot_of(const Key *key)
{
    uint64_t hash = 0, part[sizeof(Key) / sizeof(uint64_t)];
    memcpy(part, key, sizeof part);
    for (size_t at = 0; at < sizeof part / sizeof *part; at++)
        hash = (hash ^ part[at]) * 0x9E3779B97F4A7C15ULL;
    return (uint32_t)(hash >> 40) & (KEPT - 1);
}

/* Find the place among the kept words that a word has, or make it its own. */
static Kept *kept_of(const Text *text, Shares *shares, Py_ssize_t place, int *at)
{
    if (place < 0 || place >= text->count)
        place = -1;
    *at = place < 0 ? 16 : (int)(place & 15);
    if (shares->word[*at] != place) {
        shares->word[*at] = place;
        shares->version[*at] = 0;
        take_key(text, &text->word[place], &shares->key[*at]);
        shares->slot[*at] = slot_of(&shares->key[*at]);
    }
    return (Kept *)(shares->kept + shares->size * shares->slot[*at]);
}

/* Give the share of each word around a place. They stay where they are until the next place. */
static void gather(const Reader *self, const Text *text, Shares *shares, Py_ssize_t place, int cut,
                   const int16_t **share)
{
    size_t wide = (size_t)self->hidden;
    int at, slots[WINDOW];
    for (int where = 0; where < WINDOW; where++) {
        Kept *kept = kept_of(text, shares, cut && where == WINDOW - 1 ? -1 : place + where - LEFT, &at);
        slots[where] = (int)shares->slot[at];
        if (kept->version != shares->version[at] || !kept->version) {
            if (!kept->version || memcmp(&kept->key, &shares->key[at], sizeof(Key)) != 0) {
                for (int other = 0; other < where; other++)
                    if (slots[other] == slots[where]) { /* another word of this window was kept here */
                        memcpy(shares->moved[other], share[other], sizeof(int16_t) * wide);
                        share[other] = shares->moved[other];
                        slots[other] = -1;
                    }
                kept->key = shares->key[at];
                add_up(self, &kept->key, kept->total);
                kept->known = 0;
                kept->version += kept->version == UINT32_MAX ? 2 : 1;
            }
            shares->version[at] = kept->version;
        }
        int16_t *own = kept->share + (size_t)where * wide;
        if (!(kept->known >> where & 1)) {
            self->share_of(self, where, kept->total, own);
            kept->known |= 1u << where;
        }
        share[where] = own;
    }
}

/* Add the shares up, and score each label. */
static void label(const Reader *self, const int16_t **share, float *score)
{
    int16_t hidden[MOST_HIDDEN];
    int most = self->whole[MOST_ACTIVE];
    for (int at = 0; at < self->hidden; at++) {
        int16_t value = self->bias[at];
        for (int where = 0; where < WINDOW; where++)
            value = (int16_t)(value + share[where][at]);
        hidden[at] = (int16_t)(value < 0 ? 0 : value > most ? most : value);
    }
    for (int each = 0; each < self->labels; each++) {
        const int16_t *factor = self->second + (Py_ssize_t)each * self->hidden;
        int32_t sum = 0;
        for (int at = 0; at < self->hidden; at++)
            sum += hidden[at] * factor[at];
        score[each] = ((float)sum + self->label_bias[each]) * self->number[SECOND_SCALE];
    }
}

#ifdef HAS_AVX2
/* The same, 16 hidden values at a time. */
__attribute__((target("avx2"))) static void label_avx2(const Reader *self, const int16_t **share, float *score)
{
    __m256i hidden[MOST_HIDDEN / 16], most = _mm256_set1_epi16((int16_t)self->whole[MOST_ACTIVE]);
    int parts = self->hidden / 16;
    for (int part = 0; part < parts; part++) {
        __m256i value = _mm256_loadu_si256((const __m256i *)(self->bias + 16 * part));
        for (int where = 0; where < WINDOW; where++)
            value = _mm256_add_epi16(value, _mm256_loadu_si256((const __m256i *)(share[where] + 16 * part)));
        hidden[part] = _mm256_min_epi16(_mm256_max_epi16(value, _mm256_setzero_si256()), most);
    }
    for (int each = 0; each < self->labels; each++) {
        const __m256i *factor = (const __m256i *)(self->second + (Py_ssize_t)each * self->hidden);
        __m256i sum = _mm256_setzero_si256();
        for (int part = 0; part < parts; part++)
            sum = _mm256_add_epi32(sum, _mm256_madd_epi16(hidden[part], _mm256_loadu_si256(factor + part)));
        __m128i half = _mm_add_epi32(_mm256_castsi256_si128(sum), _mm256_extracti128_si256(sum, 1));
        half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0x4E));
        half = _mm_add_epi32(half, _mm_shuffle_epi32(half, 0xB1));
        score[each] = ((float)_mm_cvtsi128_si32(half) + self->label_bias[each]) * self->number[SECOND_SCALE];
    }
}
#endif

static int shares_begin(const Reader *self, Shares *shares, char *kept)
{
    memset(shares->word, -2, sizeof shares->word);
    shares->size = sizeof(Kept) + sizeof(int16_t) * (size_t)(WINDOW * self->hidden);
    shares->size = (shares->size + 63) / 64 * 64;
    shares->kept = kept ? kept : PyMem_RawCalloc(KEPT, shares->size);
    shares->word[16] = -1;
    memset(&shares->key[16], 0, sizeof(Key));
    shares->slot[16] = slot_of(&shares->key[16]);
    memset(shares->version, 0, sizeof shares->version);
    return shares->kept ? 0 : -1;
}

/* Mind what is certain: who is addressed is a person, and a listed place is one. */
static void mind(const Reader *self, uint8_t here, uint8_t before, float *score)
{
    if (here & TAKES_ADDRESS && before & ADDRESSES)
        score[self->whole[PERSON]] += self->number[IF_ADDRESSED];
    if (!(here & (PLACE | GIVEN)))
        return;
    float begins = score[0], goes_on = score[2];
    for (int at = 1; at < self->labels; at += 2)
        begins = score[at] > begins ? score[at] : begins;
    for (int at = 2; at < self->labels; at += 2)
        goes_on = score[at] > goes_on ? score[at] : goes_on;
    if (begins >= goes_on)
        score[self->whole[here & PLACE ? LOCATION : PERSON]] += self->number[here & PLACE ? IF_PLACE : IF_GIVEN];
}

/* Score every label at a place, and give by how much the best name leads no name. */
static float score(const Reader *self, const Text *text, Shares *shares, Py_ssize_t place, int cut, float *found)
{
    const int16_t *share[WINDOW];
    int ahead;
    gather(self, text, shares, place, cut, share);
    Kept *next = kept_of(text, shares, place + 1 + RIGHT, &ahead);
    SOON(&next->version);
    SOON(&next->key);
    self->label(self, share, found);
    mind(self, text->word[place].told, place ? text->word[place - 1].told : 0, found);
    float most = found[1];
    for (int at = 2; at < self->labels; at++)
        most = found[at] > most ? found[at] : most;
    return most - found[0];
}

/* ---- Which words are looked at */

static int is_counted(const Text *text, Py_ssize_t place)
{
    return place >= 0 && place < text->count && text->word[place].told & COUNTS;
}

static int is_strong(const Text *text, Py_ssize_t place)
{
    if (place < 0 || place >= text->count)
        return 0;
    uint8_t told = text->word[place].told;
    if (told & HEAVY)
        return 1;
    return told & COUNTS && (is_counted(text, place - 1) || is_counted(text, place + 1));
}

typedef struct {
    Py_ssize_t place;
    float lead, score[MOST_LABELS];
} Seen;

/* Score all places that are looked at; keep those that may be of a name. Python is not needed. */
static Py_ssize_t look(const Reader *self, const Text *text, Shares *shares, Py_ssize_t first, int cut,
                       Seen **seen)
{
    Py_ssize_t count = 0, room = 0;
    Py_ssize_t last = text->count - 1;
    while (last >= first && !is_strong(text, last - 1) && !is_strong(text, last) && !is_strong(text, last + 1))
        last--;
    if (last < first)
        return 0; /* none is behind what was told already */
    int behind = 0, here = is_strong(text, 0);
    for (Py_ssize_t place = 0; place <= last; place++) {
        int ahead = is_strong(text, place + 1);
        if (behind || here || ahead) {
            if (count == room) {
                room = room ? room * 2 : 16;
                Seen *more = PyMem_RawRealloc(*seen, sizeof(Seen) * (size_t)room);
                if (!more)
                    return -1;
                *seen = more;
            }
            Seen *one = &(*seen)[count];
            one->place = place;
            one->lead = score(self, text, shares, place, 0, one->score);
            if (cut && !here) {
                float short_score[MOST_LABELS], lead = score(self, text, shares, place, 1, short_score);
                one->lead = lead > one->lead ? lead : one->lead;
            }
            count += one->lead > self->number[UNSURE];
        }
        behind = here;
        here = ahead;
    }
    return count;
}

#endif
