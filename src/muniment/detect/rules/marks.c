/* What every text is asked by patterns: whether it was read before, what was found, where numbers can stand,
   and the words near a value.

   collecting.py, excerpts.py and context.py do the same where there is no compiler; so do the passes of passes.py,
   one by one. Tests compare them. */

#include "marks_chat.h"
#include "marks_digest.h"
#include "marks_found.h"
#include "marks_parts.h"
#include "marks_sight.h"
#include "marks_words.h"

static PyMethodDef functions[] = {
    {"parts", (PyCFunction)(void (*)(void))parts_of, METH_FASTCALL,
     "Give the parts of a text in which a number or a code can stand, or None."},
    {"before", (PyCFunction)(void (*)(void))before, METH_FASTCALL,
     "Give the last words before a place, or None where that takes a longer look."},
    {"behind", (PyCFunction)(void (*)(void))behind, METH_FASTCALL,
     "Give the first words behind a place on its line, or None where that takes a longer look."},
    {"chat", (PyCFunction)(void (*)(void))chat, METH_FASTCALL,
     "Give the texts of a chat that is written plainly, or None."},
    {"digest", (PyCFunction)(void (*)(void))digest, METH_FASTCALL,
     "Give a digest of a text and its context under a secret."},
    {"near", (PyCFunction)(void (*)(void))near_words, METH_FASTCALL,
     "Give the words before a place and those behind another, or None where that takes a longer look."},
    {"retold", (PyCFunction)(void (*)(void))retold, METH_FASTCALL, "Give a chat with other texts."},
    {"runs", runs, METH_O, "Give where long runs of letters and digits begin."},
    {"sieve", sieve, METH_O, "Give what tells quickly of a word that it is none of some."},
    {"words", words, METH_O, "Give all words of a text, or None where that takes a longer look."},
    {NULL, NULL, 0, NULL},
};

static int add_type(PyObject *module, const char *name, PyType_Spec *spec)
{
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);
    int failed = type ? PyModule_AddObjectRef(module, name, type) : -1;
    Py_XDECREF(type);
    return failed;
}

static int module_exec(PyObject *module)
{
    make_kinds();
    return add_type(module, "Marks", &marks_spec) || add_type(module, "Sight", &sight_spec) ? -1 : 0;
}

static PyModuleDef_Slot module_slots[] = {{Py_mod_exec, module_exec}, {0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_marks", "Collects what an engine finds in a text.", 0, functions,
    module_slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__marks(void)
{
    return PyModuleDef_Init(&module);
}
