"""Django templates as functions: what a template says is known when it is loaded, so its nodes are written as Python
once instead of being walked at each page.

- `loader` gives the lists of nodes of a template their function, made when it is first wanted;
- `writer` writes a list of nodes (`values`: its expressions; `lines`: the text of the function); a node that it does
  not know is asked, as Django asks it;
- `runtime` is what that Python calls, how a name is looked up and a value printed; `pieces` runs other templates.

A template says what it said: same tags, same filters, same rules for names that are missing. Text that changes only
with the language or the table of routes (a sentence, an address without arguments, an icon) is kept for these two.
Where Django's own way must be seen (`debug`, `string_if_invalid`, autoescape off), nodes are walked.
"""
