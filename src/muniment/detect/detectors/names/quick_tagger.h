/* Scores the words of a text: the two layers of the tagger, and which words they are asked about.

   It does what scores.py does, and gives the same. */

#ifndef MUNIMENT_QUICK_TAGGER_H
#define MUNIMENT_QUICK_TAGGER_H

#include "quick_words.h"

enum { MOST_INNER = 64, MOST_HIDDEN = 256, MOST_LABELS = 32 };
enum { PERSON, LOCATION, LIMIT, MOST_TOTAL, MOST_ACTIVE, WHOLE_NUMBERS };
enum { FIRST_SCALE, SECOND_SCALE, UNSURE, IF_ADDRESSED, IF_PLACE, IF_GIVEN, NUMBERS };
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
    int16_t *first;   /* for each place of the window, each pair of inner values, each hidden one: two */
    int16_t *second;  /* for each label, each hidden value */
    char *kept;       /* shares of words that were seen lately; whoever reads it has the turn */
    int16_t bias[MOST_HIDDEN], pad[MOST_INNER];
    float label_bias[MOST_LABELS], number[NUMBERS];
    int whole[WHOLE_NUMBERS];
} Reader;

/* Words by what they add up to, each with its shares in the hidden values as far as they were asked
   for. The whole sum is compared, so that no word can be taken for another. */
typedef struct {
    int16_t total[MOST_INNER];
    uint32_t known; /* for each place of the window, whether its share is there */
    int16_t share[];
} Kept;

typedef struct {
    char *kept;
    size_t size;             /* of one */
    Py_ssize_t word[17];     /* of the words around a place: which these are, */
    int16_t total[17][MOST_INNER]; /* what they add up to, */
    uint32_t slot[17];       /* and where they are kept */
} Shares;

static void part_hashes(const Reader *self, const Text *text, const Word *word, int32_t *part)
{
    const uint64_t *factor = self->multipliers.buf;
    uint64_t sum[PARTS] = {0};
    int size = word->size < MAX_LETTERS ? word->size : MAX_LETTERS;
    int used = size < ENDS && word->odd < 0 ? size : ENDS;
    for (int at = 0; at < used; at++) {
        uint64_t first, last;
        if (word->odd >= 0) {
            first = text->odd[word->odd].first[at];
            last = text->odd[word->odd].last[at];
        } else {
            first = small(letter(text, word->start + at));
            last = small(letter(text, word->start + size - 1 - at));
        }
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

static void add_up(const Reader *self, const Text *text, const Word *word, int16_t *total)
{
    int inner = self->inner, most = self->whole[MOST_TOTAL];
    int32_t part[PARTS], sum[MOST_INNER];
    const int16_t *shape = (const int16_t *)self->shape.buf + (word ? word->shape : 0) * inner;
    const int16_t *before = (const int16_t *)self->before.buf + (word ? word->before : 0) * inner;
    const int16_t *after = (const int16_t *)self->after.buf + (word ? word->after : 0) * inner;
    const int8_t *row = (const int8_t *)self->rows.buf + (word ? (Py_ssize_t)word->row * inner : 0);
    for (int at = 0; at < inner; at++)
        sum[at] = shape[at] + before[at] + after[at] + row[at];
    memset(part, 0, sizeof part);
    if (word)
        part_hashes(self, text, word, part);
    for (int which = 0; which < PARTS; which++) {
        const int8_t *share = (const int8_t *)self->parts.buf + (Py_ssize_t)part[which] * inner;
        for (int at = 0; at < inner; at++)
            sum[at] += share[at];
    }
    for (uint32_t bits = word ? word->bits : 0, bit = 0; bits >> bit; bit++)
        if (bits >> bit & 1) {
            const int16_t *share = (const int16_t *)self->known.buf + (Py_ssize_t)bit * inner;
            for (int at = 0; at < inner; at++)
                sum[at] += share[at];
        }
    for (int at = 0; at < inner; at++)
        total[at] = (int16_t)(sum[at] > most ? most : sum[at] < -most ? -most : sum[at]);
}

/* Work out the share of a word that stands somewhere in a window. */
static void share_of(const Reader *self, int where, const int16_t *total, int16_t *share)
{
    int32_t sum[MOST_HIDDEN];
    int wide = self->hidden;
    const int16_t *factor = self->first + (Py_ssize_t)where * self->inner * wide;
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
    const int16_t *factors = self->first + (Py_ssize_t)where * self->inner * wide;
    __m256 scale = _mm256_set1_ps(self->number[FIRST_SCALE]);
    __m256i limit = _mm256_set1_epi16((int16_t)self->whole[LIMIT]);
    __m256i least = _mm256_sub_epi16(_mm256_setzero_si256(), limit);
    for (int at = 0; at < wide; at += 48) {
        __m256i sum[6];
        const int16_t *factor = factors + 2 * at;
        for (int part = 0; part < 6; part++)
            sum[part] = _mm256_setzero_si256();
        for (int pair = 0; pair < self->inner; pair += 2, factor += 2 * wide) {
            int32_t both;
            memcpy(&both, total + pair, sizeof both);
            __m256i value = _mm256_set1_epi32(both);
            for (int part = 0; part < 6; part++) {
                __m256i some = _mm256_loadu_si256((const __m256i *)(factor + 16 * part));
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

/* Add what the word at a place of the text, or none, has to say where it stands in the window. */
static void add_share(const Reader *self, const Text *text, Shares *shares, Py_ssize_t place, int where,
                      int16_t *hidden)
{
    int at = (int)(place & 15);
    size_t bytes = sizeof(int16_t) * (size_t)self->inner;
    if (place < 0 || place >= text->count) {
        place = -1;
        at = 16;
    }
    if (shares->word[at] != place) {
        shares->word[at] = place;
        add_up(self, text, &text->word[place], shares->total[at]);
        uint64_t hash = 0;
        for (int each = 0; each < self->inner; each += 2) {
            uint32_t two;
            memcpy(&two, shares->total[at] + each, sizeof two);
            hash = mixed(hash, two);
        }
        shares->slot[at] = (uint32_t)(hash >> 40) & (KEPT - 1);
    }
    Kept *kept = (Kept *)(shares->kept + shares->size * shares->slot[at]);
    if (memcmp(kept->total, shares->total[at], bytes) != 0) {
        memcpy(kept->total, shares->total[at], bytes);
        kept->known = 0;
    }
    int16_t *share = kept->share + where * self->hidden;
    if (!(kept->known >> where & 1)) {
        self->share_of(self, where, shares->total[at], share);
        kept->known |= 1u << where;
    }
    for (int each = 0; each < self->hidden; each++)
        hidden[each] = (int16_t)(hidden[each] + share[each]);
}

static int shares_begin(const Reader *self, Shares *shares, char *kept)
{
    memset(shares->word, -2, sizeof shares->word);
    shares->size = sizeof(Kept) + sizeof(int16_t) * (size_t)(WINDOW * self->hidden);
    shares->size = (shares->size + 63) / 64 * 64;
    shares->kept = kept ? kept : PyMem_RawCalloc(KEPT, shares->size);
    shares->word[16] = -1;
    shares->slot[16] = 0;
    memcpy(shares->total[16], self->pad, sizeof self->pad);
    return shares->kept ? 0 : -1;
}

static void label(const Reader *self, const int16_t *hidden, float *score)
{
    for (int each = 0; each < self->labels; each++) {
        const int16_t *factor = self->second + (Py_ssize_t)each * self->hidden;
        int32_t sum = 0;
        for (int at = 0; at < self->hidden; at++)
            sum += hidden[at] * factor[at];
        score[each] = ((float)sum + self->label_bias[each]) * self->number[SECOND_SCALE];
    }
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
    int16_t hidden[MOST_HIDDEN] = {0};
    for (int at = 0; at < WINDOW; at++)
        add_share(self, text, shares, cut && at == WINDOW - 1 ? -1 : place + at - LEFT, at, hidden);
    for (int at = 0; at < self->hidden; at++) {
        int16_t value = (int16_t)(hidden[at] + self->bias[at]);
        hidden[at] = (int16_t)(value < 0 ? 0 : value > self->whole[MOST_ACTIVE] ? self->whole[MOST_ACTIVE] : value);
    }
    label(self, hidden, found);
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
