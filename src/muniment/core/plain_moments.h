/* Writes moments: as the house stamps a time, and as the first letters of an id.

   clock.py and ids.py do the same where there is no compiler; tests compare them. */

#include <datetime.h>

#define STAMP_SIZE 27
#define MILLISECOND_LETTERS 10
#define MOST_PREFIX 64
#define MOST_LETTERS 64

/* Whether this is a time in UTC, by the one zone that stands for it; of others Python knows more. */
static int is_utc(PyObject *at)
{
    return PyDateTime_CheckExact(at) && PyDateTime_DATE_GET_TZINFO(at) == PyDateTime_TimeZone_UTC;
}

static void put_digits(char *to, int number, int count)
{
    while (count--) {
        to[count] = (char)('0' + number % 10);
        number /= 10;
    }
}

/* Give the days from 1 January 1970 to a day of the calendar that the years 1 to 9999 have here. */
static long long days_until(int year, int month, int day)
{
    static const int before[12] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
    int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    long long past = year - 1;
    long long days = past * 365 + past / 4 - past / 100 + past / 400;
    return days + before[month - 1] + (month > 2 && is_leap) + day - 1 - 719162;
}

static PyObject *stamped(PyObject *module, PyObject *at)
{
    (void)module;
    if (!is_utc(at))
        Py_RETURN_NONE;
    PyObject *text = PyUnicode_New(STAMP_SIZE, 127);
    if (!text)
        return NULL;
    char *to = (char *)PyUnicode_1BYTE_DATA(text);
    memcpy(to, "0000-00-00T00:00:00.000000Z", STAMP_SIZE);
    put_digits(to, PyDateTime_GET_YEAR(at), 4);
    put_digits(to + 5, PyDateTime_GET_MONTH(at), 2);
    put_digits(to + 8, PyDateTime_GET_DAY(at), 2);
    put_digits(to + 11, PyDateTime_DATE_GET_HOUR(at), 2);
    put_digits(to + 14, PyDateTime_DATE_GET_MINUTE(at), 2);
    put_digits(to + 17, PyDateTime_DATE_GET_SECOND(at), 2);
    put_digits(to + 20, PyDateTime_DATE_GET_MICROSECOND(at), 6);
    return text;
}

static PyObject *born(PyObject *module, PyObject *const *given, Py_ssize_t count)
{
    (void)module;
    static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
    if (count != 3 || !PyUnicode_CheckExact(given[0]) || !PyUnicode_CheckExact(given[2])) {
        PyErr_SetString(PyExc_TypeError, "a prefix, a time and letters are needed");
        return NULL;
    }
    PyObject *prefix = given[0], *at = given[1], *letters = given[2];
    if (!is_utc(at) || !PyUnicode_IS_COMPACT_ASCII(prefix) || !PyUnicode_IS_COMPACT_ASCII(letters))
        Py_RETURN_NONE;
    Py_ssize_t before = PyUnicode_GET_LENGTH(prefix), behind = PyUnicode_GET_LENGTH(letters);
    if (before > MOST_PREFIX || behind > MOST_LETTERS)
        Py_RETURN_NONE;
    long long days = days_until(
        PyDateTime_GET_YEAR(at), PyDateTime_GET_MONTH(at), PyDateTime_GET_DAY(at));
    long long seconds = days * 86400 + PyDateTime_DATE_GET_HOUR(at) * 3600
        + PyDateTime_DATE_GET_MINUTE(at) * 60 + PyDateTime_DATE_GET_SECOND(at);
    unsigned long long rest =
        (unsigned long long)(seconds * 1000 + PyDateTime_DATE_GET_MICROSECOND(at) / 1000);
    rest &= (1ULL << 48) - 1;
    PyObject *text = PyUnicode_New(before + 1 + MILLISECOND_LETTERS + behind, 127);
    if (!text)
        return NULL;
    char *to = (char *)PyUnicode_1BYTE_DATA(text);
    memcpy(to, PyUnicode_1BYTE_DATA(prefix), (size_t)before);
    to[before] = '_';
    to += before + 1;
    for (int n = MILLISECOND_LETTERS; n--; rest >>= 5)
        to[n] = alphabet[rest & 31];
    memcpy(to + MILLISECOND_LETTERS, PyUnicode_1BYTE_DATA(letters), (size_t)behind);
    return text;
}
