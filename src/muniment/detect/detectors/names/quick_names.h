/* Joins words into names: it does what choosing.py and spans.py do, and gives the same. */

#ifndef MUNIMENT_QUICK_NAMES_H
#define MUNIMENT_QUICK_NAMES_H

#include "quick_tagger.h"

enum { MOST_TYPES = MOST_LABELS / 2 };

/* A word that may be of a name, as Piece of spans.py has it. */
typedef struct {
    Py_ssize_t place, start, end;
    float lead;
    int best;
    uint8_t shape, known, brief, kept;
    double likely[MOST_TYPES];
} Part;

/* How likely each type is, as likely() of arrays.py says it; the same steps in the same order. */
static void likely(const float *score, int labels, int best, double *told)
{
    double most = score[0] > score[best] ? score[0] : score[best], whole = exp(score[0] - most);
    for (int type = 0; type < labels / 2; type++) {
        told[type] = exp(score[1 + 2 * type] - most) + exp(score[2 + 2 * type] - most);
        whole += told[type];
    }
    for (int type = 0; type < labels / 2; type++)
        told[type] /= whole;
}

/* Whether a firm or a place, which may have one or two letters, may be likelier than all others. */
static int may_be_so_short(const Reader *self, const float *score, int best)
{
    double least = score[best] - self->twice;
    int firm = self->whole[FIRM], place = self->whole[LOCATION];
    return score[firm] >= least || score[firm + 1] >= least || score[place] >= least
        || score[place + 1] >= least;
}

static void take_part(const Reader *self, const Text *text, const Seen *seen, Part *part)
{
    const Word *word = &text->word[seen->place];
    int best = 1;
    for (int at = 2; at < self->labels; at++)
        if (seen->score[at] > seen->score[best])
            best = at;
    part->place = seen->place;
    part->start = word->start;
    part->end = word->start + word->size;
    part->lead = seen->lead;
    part->best = best;
    part->shape = word->shape;
    part->known = word->listed;
    part->brief = word->size < 3 && !word->listed && word->after != self->rules.constant[M_DOT]
        && !may_be_so_short(self, seen->score, best);
    likely(seen->score, self->labels, best, part->likely);
}

static PyObject *piece_of(const Reader *self, const Text *text, const Seen *seen)
{
    Part part;
    take_part(self, text, seen, &part);
    PyObject *types = PyTuple_New(self->labels / 2);
    for (int type = 0; types && type < self->labels / 2; type++) {
        PyObject *value = PyFloat_FromDouble(part.likely[type]);
        if (!value)
            Py_CLEAR(types);
        else
            PyTuple_SET_ITEM(types, type, value);
    }
    if (!types)
        return NULL;
    return Py_BuildValue("nnnidOOiN", part.place, part.start, part.end, (int)part.shape, (double)part.lead,
                         part.known ? Py_True : Py_False, part.brief ? Py_True : Py_False, part.best, types);
}

/* ---- Which words stay */

static Py_ssize_t keep(Part *part, Py_ssize_t count)
{
    Py_ssize_t kept = 0;
    for (Py_ssize_t at = 0; at < count; at++)
        if (part[at].kept)
            part[kept++] = part[at];
    return kept;
}

static int are_neighbours(const Part *part, Py_ssize_t count, Py_ssize_t one, Py_ssize_t other)
{
    return one >= 0 && other < count && part[one].place + 1 == part[other].place;
}

/* Choose of all words that are unsure or better, by their place: runs need a sure one. */
static Py_ssize_t named(Part *part, Py_ssize_t count)
{
    for (Py_ssize_t first = 0, behind; first < count; first = behind) {
        int is_sure = part[first].lead > 0;
        for (behind = first + 1; are_neighbours(part, count, behind - 1, behind); behind++)
            is_sure |= part[behind].lead > 0;
        for (Py_ssize_t at = first; at < behind; at++)
            part[at].kept = (uint8_t)is_sure;
    }
    return keep(part, count);
}

/* Leave out what stands alone and is too short to be a name. */
static Py_ssize_t not_too_short(Part *part, Py_ssize_t count)
{
    for (Py_ssize_t at = 0; at < count; at++)
        part[at].kept = !part[at].brief || are_neighbours(part, count, at - 1, at)
            || are_neighbours(part, count, at, at + 1);
    return keep(part, count);
}

/* Tell whether a piece of a text is this. */
static int is_between(const Text *text, Py_ssize_t start, Py_ssize_t end, PyObject *what)
{
    if (PyUnicode_GET_LENGTH(what) != end - start)
        return 0;
    for (Py_ssize_t at = start; at < end; at++)
        if (letter(text, at) != PyUnicode_READ_CHAR(what, at - start))
            return 0;
    return 1;
}

static int do_touch(const Reader *self, const Text *text, const Part *first, const Part *last)
{
    for (Py_ssize_t at = 0; at < PyTuple_GET_SIZE(self->touching); at++)
        if (is_between(text, first->end, last->start, PyTuple_GET_ITEM(self->touching, at)))
            return 1;
    return 0;
}

static int is_one_type(const Part *one, const Part *other)
{
    return (one->best - 1) / 2 == (other->best - 1) / 2;
}

/* Choose sure words, and unsure ones only where they touch a sure one of the same type. */
static Py_ssize_t without_loners(const Reader *self, const Text *text, Part *part, Py_ssize_t count)
{
    uint32_t big = self->rules.constant[JOINS];
    int all = 1;
    for (Py_ssize_t at = 0; at < count; at++) {
        part[at].kept = part[at].lead > 0;
        all &= part[at].kept;
    }
    if (all)
        return count;
    for (Py_ssize_t at = 1; at < count; at++)
        if (!part[at].kept && part[at - 1].kept)
            part[at].kept = are_neighbours(part, count, at - 1, at) && big >> part[at].shape & 1
                && do_touch(self, text, &part[at - 1], &part[at]) && is_one_type(&part[at - 1], &part[at]);
    for (Py_ssize_t at = count - 2; at >= 0; at--)
        if (!part[at].kept && part[at + 1].kept)
            part[at].kept = are_neighbours(part, count, at, at + 1) && big >> part[at].shape & 1
                && do_touch(self, text, &part[at], &part[at + 1]) && is_one_type(&part[at + 1], &part[at]);
    return keep(part, count);
}

/* ---- Which of them make one name */

/* Tell whether a word goes on with the name that the word right before it is of. */
static int goes_on(const Reader *self, const Text *text, const Part *before, const Part *here)
{
    uint32_t line_end = self->rules.constant[S_LINE_END];
    if (here->place != before->place + 1 || here->shape == line_end || before->shape == line_end
        || here->best % 2)
        return 0;
    int has_comma = 0;
    for (Py_ssize_t at = before->end; at < here->start; at++) {
        Py_UCS4 each = letter(text, at);
        if (at + 1 == here->start && at == before->end
            && PyUnicode_FindChar(self->joining, each, 0, PyUnicode_GET_LENGTH(self->joining), 1) >= 0)
            return 1;
        if (PyUnicode_FindChar(self->apart, each, 0, PyUnicode_GET_LENGTH(self->apart), 1) >= 0)
            return 0;
        has_comma |= each == ',';
    }
    return !has_comma || is_one_type(here, before);
}

static int is_outside(const Reader *self, const Part *part)
{
    return part->shape == self->rules.constant[S_LINE_END] || part->shape == self->rules.constant[S_MARK];
}

/* Round what is likely to three digits as Python does; -1 for an error. A thousandth of a whole number
   is the nearest there is, and only what lies half way between two is a matter of more digits. */
static double rounded(double likely)
{
    double scaled = likely * 1000.0, whole = nearbyint(scaled);
    if (fabs(scaled - whole) < 0.499999)
        return whole / 1000.0;
    char *digits = PyOS_double_to_string(likely, 'f', 3, 0, NULL);
    double told = digits ? PyOS_string_to_double(digits, NULL, NULL) : -1.0;
    PyMem_Free(digits);
    return told;
}

/* Give the type that the words favour together, how sure that is, and where they stand. */
static PyObject *name_of(const Reader *self, const Part *first, const Part *last)
{
    double by_type[MOST_TYPES], whole = 0.0;
    Py_ssize_t count = last - first + 1;
    int known = 0, kind = 0, types = self->labels / 2;
    memcpy(by_type, first->likely, sizeof by_type);
    for (const Part *each = first; each <= last; each++) {
        known |= each->known;
        for (int type = 0; each > first && type < types; type++)
            by_type[type] += each->likely[type];
    }
    for (int type = 0; type < types; type++) {
        whole += by_type[type];
        if (by_type[type] > by_type[kind])
            kind = type;
    }
    double score = rounded((by_type[kind] + whole) / (double)(2 * count));
    if (score < 0)
        return NULL;
    return Py_BuildValue("inndOn", kind, first->start, last->end, score, known ? Py_True : Py_False, count);
}

static int add_name(const Reader *self, const Part *first, const Part *last, PyObject *names)
{
    while (first <= last && is_outside(self, first))
        first++;
    while (first < last && is_outside(self, last))
        last--;
    if (first > last)
        return 0;
    PyObject *name = name_of(self, first, last);
    int failed = !name || PyList_Append(names, name);
    Py_XDECREF(name);
    return failed;
}

/* Give the words of each run that makes one name. */
static PyObject *joined(const Reader *self, const Text *text, const Seen *seen, Py_ssize_t count)
{
    PyObject *names = PyList_New(0);
    Part *part = names && count ? PyMem_RawMalloc(sizeof(Part) * (size_t)count) : NULL;
    if (!part) {
        if (names && count) {
            PyErr_NoMemory();
            Py_CLEAR(names);
        }
        return names;
    }
    for (Py_ssize_t at = 0; at < count; at++)
        take_part(self, text, &seen[at], &part[at]);
    count = without_loners(self, text, part, not_too_short(part, named(part, count)));
    for (Py_ssize_t first = 0, behind; first < count; first = behind) {
        for (behind = first + 1; behind < count && goes_on(self, text, &part[behind - 1], &part[behind]);)
            behind++;
        if (add_name(self, &part[first], &part[behind - 1], names)) {
            Py_CLEAR(names);
            break;
        }
    }
    PyMem_RawFree(part);
    return names;
}

#endif
