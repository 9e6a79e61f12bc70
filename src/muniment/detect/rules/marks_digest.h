/* Digests of texts under a secret, by which a text that comes again is known: SipHash-2-4 with 128 bits. */

#ifndef MUNIMENT_MARKS_DIGEST_H
#define MUNIMENT_MARKS_DIGEST_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>

enum { SECRET_BYTES = 16 };

typedef struct {
    uint64_t a, b, c, d;
} Sip;

static uint64_t turned(uint64_t of, int by)
{
    return of << by | of >> (64 - by);
}

static void sip_round(Sip *of)
{
    of->a += of->b;
    of->c += of->d;
    of->b = turned(of->b, 13) ^ of->a;
    of->d = turned(of->d, 16) ^ of->c;
    of->a = turned(of->a, 32);
    of->c += of->b;
    of->a += of->d;
    of->b = turned(of->b, 17) ^ of->c;
    of->d = turned(of->d, 21) ^ of->a;
    of->c = turned(of->c, 32);
}

static void sip_rounds(Sip *of, int count)
{
    while (count--)
        sip_round(of);
}

static void sip_word(Sip *of, uint64_t word)
{
    of->d ^= word;
    sip_rounds(of, 2);
    of->a ^= word;
}

/* Read up to eight bytes as a number, the first of them the least. */
static uint64_t sip_number(const unsigned char *bytes, size_t count)
{
    uint64_t word = 0;
    for (size_t at = 0; at < count; at++)
        word |= (uint64_t)bytes[at] << 8 * at;
    return word;
}

/* Take bytes in, filled up with noughts to whole words. */
static void sip_bytes(Sip *of, const unsigned char *bytes, size_t size)
{
    size_t at = 0;
    for (; at + 8 <= size; at += 8)
        sip_word(of, sip_number(bytes + at, 8));
    if (at < size)
        sip_word(of, sip_number(bytes + at, size - at));
}

static void sip_told(uint64_t word, unsigned char *to)
{
    for (int at = 0; at < 8; at++)
        to[at] = (unsigned char)(word >> 8 * at);
}

static size_t bytes_of(PyObject *text)
{
    return (size_t)PyUnicode_GET_LENGTH(text) * PyUnicode_KIND(text);
}

static uint64_t form_of(PyObject *text)
{
    return (uint64_t)PyUnicode_GET_LENGTH(text) << 3 | PyUnicode_KIND(text);
}

/* digest(secret, text, context) -> 16 bytes: of the forms of both and of their characters. */
static PyObject *digest(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count)
{
    if (count != 3 || !PyBytes_Check(args[0]) || PyBytes_GET_SIZE(args[0]) != SECRET_BYTES ||
        !PyUnicode_Check(args[1]) || !PyUnicode_Check(args[2])) {
        PyErr_SetString(PyExc_TypeError, "digest(secret, text, context) needs 16 bytes and two texts");
        return NULL;
    }
    const unsigned char *secret = (const unsigned char *)PyBytes_AS_STRING(args[0]);
    uint64_t one = sip_number(secret, 8), other = sip_number(secret + 8, 8);
    Sip sip = {one ^ 0x736f6d6570736575, other ^ 0x646f72616e646f6d ^ 0xee, one ^ 0x6c7967656e657261,
               other ^ 0x7465646279746573};
    uint64_t words = 2 + (bytes_of(args[2]) + 7) / 8 + (bytes_of(args[1]) + 7) / 8;
    sip_word(&sip, form_of(args[2]));
    sip_word(&sip, form_of(args[1]));
    sip_bytes(&sip, PyUnicode_DATA(args[2]), bytes_of(args[2]));
    sip_bytes(&sip, PyUnicode_DATA(args[1]), bytes_of(args[1]));
    sip_word(&sip, words * 8 << 56);
    unsigned char told[16];
    sip.c ^= 0xee;
    sip_rounds(&sip, 4);
    sip_told(sip.a ^ sip.b ^ sip.c ^ sip.d, told);
    sip.b ^= 0xdd;
    sip_rounds(&sip, 4);
    sip_told(sip.a ^ sip.b ^ sip.c ^ sip.d, told + 8);
    return PyBytes_FromStringAndSize((const char *)told, sizeof told);
}

#endif
