"""A notebook in JupyterLite: opened, changed and run as JupyterLab's own commands do it."""

from __future__ import annotations

from urllib.parse import quote

READY = """() => {
    const widget = window.jupyterapp?.shell.currentWidget;
    return widget?.context?.isReady && widget.sessionContext?.session?.kernel?.status === "idle";
}"""
RUN_ALL = """async () => {
    const app = window.jupyterapp, cells = app.shell.currentWidget.content.model.cells;
    const seconds = [];
    for (let i = 0; i < cells.length; i++) {
        app.shell.currentWidget.content.activeCellIndex = i;
        const start = performance.now();
        await app.commands.execute("notebook:run-cell");
        seconds.push((performance.now() - start) / 1000);
    }
    const made = [...cells].map((cell) => cell.toJSON());
    return made.map((cell, i) => ({ ...cell, seconds: seconds[i] }));
}"""
WRITE = """([index, source]) => {
    window.jupyterapp.shell.currentWidget.content.model.cells.get(index).sharedModel.setSource(source);
}"""
EXECUTE = """async (code) => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const said = [];
    const future = kernel.requestExecute({ code });
    future.onIOPub = ({ content }) => said.push(content.text ?? content.evalue ?? "");
    await future.done;
    return said.join("");
}"""


def open_notebook(visit, path):
    """The page of a notebook whose kernel is ready."""
    page = visit(f"lite/lab/index.html?path={quote(path)}")
    page.wait_for_selector(".jp-NotebookPanel", timeout=60_000)
    page.wait_for_function(READY, timeout=120_000)
    return page


def write(page, index, source):
    """Write into a cell."""
    page.evaluate(WRITE, [index, source])


def run_all(page):
    """Run every cell, also those behind one that fails; the cells with their outputs and seconds."""
    page.set_default_timeout(0)
    return page.evaluate(RUN_ALL)


def execute(page, code):
    """What code prints in the notebook's kernel, or the message of its error."""
    return page.evaluate(EXECUTE, code)
