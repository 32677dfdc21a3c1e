"""The notebook runs, and its outputs are what stands in it. UPDATE_DOCS=1 writes them anew."""

import os

import nbformat
from conftest import ROOT
from nbclient import NotebookClient

PATH = ROOT / "crates/python/tingxin.ipynb"


def outputs(notebook):
    return [[output.get("text") for output in cell.outputs] for cell in notebook.cells if cell.cell_type == "code"]


def test_the_notebook_says_what_it_said():
    notebook = nbformat.read(PATH, as_version=4)
    before = outputs(notebook)

    NotebookClient(notebook, timeout=300, kernel_name="python3", record_timing=False).execute()

    if os.environ.get("UPDATE_DOCS"):
        notebook.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(notebook, PATH)
    else:
        assert outputs(notebook) == before
