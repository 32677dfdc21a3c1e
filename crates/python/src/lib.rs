//! The compiled half of the Python package `tingxin`: JSON of contacts in, JSON of analyses out, with the stages and in the order
//! of `tingxin analyze`. What Python sees of it stands in `tingxin/__init__.py` beside this crate.

mod crew;
mod stages;

use std::fs::File;

use pyo3::exceptions::{PyOSError, PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyBytes;
use tingxin_text::domain::Channel;
use tingxin_text::ingest::{self, ReadOptions, Reopen, SpeakerMap};

use crew::{PackageAnswer, ScoringCrew};

/// What Python gets of one contact: whether it was analysed, then the analysis or the refusal as JSON.
type ToldOutcome<'py> = (bool, Bound<'py, PyBytes>);

/// Loads a model once and analyses with it.
#[pyclass(name = "Analyzer", module = "tingxin._native", frozen)]
struct PythonAnalyzer {
    crew: ScoringCrew,
}

#[pymethods]
impl PythonAnalyzer {
    #[new]
    fn new(py: Python<'_>, model: &str, threads: usize) -> PyResult<Self> {
        let crew = py.detach(|| ScoringCrew::load(model, threads)).map_err(PyValueError::new_err)?;
        Ok(Self { crew })
    }

    /// What the analyses name as their engine, as JSON.
    #[getter]
    fn engine(&self) -> &str {
        self.crew.engine()
    }

    #[expect(
        clippy::needless_pass_by_value,
        reason = "what comes from Python is converted, and owned by the call"
    )]
    /// Analyses contacts of `tingxin.contact.v1`, one answer each, in their order.
    fn analyze<'py>(&self, py: Python<'py>, contacts: Vec<PyBackedBytes>) -> PyResult<Vec<ToldOutcome<'py>>> {
        let answers = py.detach(|| {
            let read = contacts.iter().map(|json| ingest::parse_contact(json));
            self.crew.analyse(read.collect())
        });
        told(py, answers)
    }

    #[expect(clippy::too_many_arguments, reason = "arguments that Python names, and its lock")]
    /// Analyses the contacts of a file of any form that `tingxin formats` lists.
    fn analyze_file<'py>(
        &self,
        py: Python<'py>,
        path: String,
        source: String,
        channel: Option<&str>,
        speakers: Option<&str>,
    ) -> PyResult<Vec<ToldOutcome<'py>>> {
        let options = options(source, channel, speakers)?;
        let file = File::open(&path).map_err(|cause| PyOSError::new_err(format!("{path}: {cause}")))?;
        let answers = py.detach(|| {
            let name = path.clone();
            let again: Reopen = Box::new(move || Ok(Box::new(File::open(&path)?)));
            self.crew.analyse_stream(ingest::read_file(Box::new(file), again, &name, &options))
        });
        told(py, answers)
    }
}

fn options(source: String, channel: Option<&str>, speakers: Option<&str>) -> PyResult<ReadOptions> {
    let channel = channel
        .map(|name| {
            Channel::from_name(name).ok_or_else(|| PyValueError::new_err(format!("no channel `{name}`")))
        })
        .transpose()?;
    let mut map = SpeakerMap::default();
    if let Some(answers) = speakers {
        map.add(answers).map_err(PyValueError::new_err)?;
    }
    Ok(ReadOptions { source, channel, speakers: map, ..ReadOptions::default() })
}

fn told(py: Python<'_>, answers: Result<Vec<PackageAnswer>, String>) -> PyResult<Vec<ToldOutcome<'_>>> {
    let answers = answers.map_err(PyRuntimeError::new_err)?;
    let bytes = |answer: PackageAnswer| match answer {
        PackageAnswer::Analysis(json) => (true, PyBytes::new(py, &json)),
        PackageAnswer::Refusal(json) => (false, PyBytes::new(py, &json)),
    };
    Ok(answers.into_iter().map(bytes).collect())
}

/// The module `tingxin._native`.
#[pymodule(name = "_native")]
fn native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("DEFAULT_MODEL", tingxin_score::DEFAULT_MODEL)?;
    module.add_class::<PythonAnalyzer>()
}
