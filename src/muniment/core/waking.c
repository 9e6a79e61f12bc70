/* Asks Linux to let a thread go on soon after what it waited for has come.

   waking.py says what for, and what is done where this is not. */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#ifdef __linux__
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#if defined(SYS_sched_getattr) && defined(SYS_sched_setattr)

#define ORDINARY 0          /* SCHED_OTHER */
#define NOT_FOR_CHILDREN 1  /* SCHED_FLAG_RESET_ON_FORK */

/* What the system knows of a thread, in its first and shortest form. */
typedef struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
} Attributes;

static int ask(uint64_t nanoseconds)
{
    Attributes of = {0};
    if (syscall(SYS_sched_getattr, 0, &of, sizeof of, 0) || of.policy != ORDINARY)
        return 0;
    of.size = sizeof of;
    of.flags = NOT_FOR_CHILDREN;
    of.runtime = nanoseconds;
    return !syscall(SYS_sched_setattr, 0, &of, 0);
}

static uint64_t asked(void)
{
    Attributes of = {0};
    return syscall(SYS_sched_getattr, 0, &of, sizeof of, 0) ? 0 : of.runtime;
}

#else

static int ask(uint64_t nanoseconds)
{
    (void)nanoseconds;
    return 0;
}

static uint64_t asked(void)
{
    return 0;
}

#endif

static PyObject *turns_of(PyObject *module, PyObject *given)
{
    (void)module;
    unsigned long long nanoseconds = PyLong_AsUnsignedLongLong(given);
    if (nanoseconds == (unsigned long long)-1 && PyErr_Occurred())
        return NULL;
    return PyBool_FromLong(ask(nanoseconds));
}

static PyObject *turns(PyObject *module, PyObject *nothing)
{
    (void)module;
    (void)nothing;
    return PyLong_FromUnsignedLongLong(asked());
}

static PyMethodDef functions[] = {
    {"turns_of", turns_of, METH_O, "Ask for turns of so many nanoseconds; tell whether we may."},
    {"turns", turns, METH_NOARGS, "Say of how many nanoseconds this thread's turns are; 0 is unknown."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot module_slots[] = {{0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_waking", "Lets a thread go on soon.", 0, functions,
    module_slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__waking(void)
{
    return PyModuleDef_Init(&module);
}
