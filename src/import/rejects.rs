//! The list of rejects: a file beside others, of which it overwrites none.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Read as _, Write as _},
    path::{Path, PathBuf},
};

use crate::error::{Error, Result};

/// How a list begins, and how one is known.
const HEADER: &str = "line,column,reason\n";

/// Made with the first reject, readable by its owner alone, and in its place only when the import is kept, or when
/// it was refused because each of its rows was.
pub(super) struct Rejects {
    path: PathBuf,
    part: PathBuf,
    open: Option<BufWriter<File>>,
}

impl Rejects {
    /// For a path at which there is nothing, or a list that an earlier import left.
    pub(super) fn new(path: PathBuf) -> Result<Self> {
        let mut part = path.clone().into_os_string();
        part.push(".part");
        let part = PathBuf::from(part);
        let ours = |found: &[u8]| found == HEADER.as_bytes();
        // An interrupted import leaves a part that may end anywhere.
        let begun = |found: &[u8]| HEADER.as_bytes().starts_with(found);
        if !may_replace(&path, ours) {
            return Err(not_ours(&path, &path));
        }
        if !may_replace(&part, begun) {
            return Err(not_ours(&path, &part));
        }
        Ok(Self { path, part, open: None })
    }

    pub(super) fn write(&mut self, line: u64, column: &str, reason: &str) -> Result<()> {
        let written = self.writer().and_then(|to| writeln!(to, "{line},{column},\"{reason}\""));
        written.map_err(|error| failure(&self.path, &error))
    }

    fn writer(&mut self) -> io::Result<&mut BufWriter<File>> {
        if self.open.is_none() {
            // A part that an interrupted import left behind; what is made new follows no link and keeps no mode.
            let _gone = fs::remove_file(&self.part);
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut to = BufWriter::new(options.open(&self.part)?);
            to.write_all(HEADER.as_bytes())?;
            self.open = Some(to);
        }
        self.open.as_mut().ok_or_else(|| io::Error::other("the rejects file is not open"))
    }

    /// Writes what is buffered: what cannot be written is known before anything is kept.
    pub(super) fn flush(&mut self) -> Result<()> {
        let flushed = self.open.as_mut().map_or(Ok(()), BufWriter::flush);
        flushed.map_err(|error| failure(&self.path, &error))
    }

    /// Puts the list in its place; none if nothing was rejected.
    pub(super) fn place(&mut self) -> Result<Option<PathBuf>> {
        self.flush()?;
        if self.open.take().is_none() {
            return Ok(None);
        }
        fs::rename(&self.part, &self.path).map_err(|error| {
            let (path, part) = (self.path.display(), self.part.display());
            Error::input(format!("the rejects are listed in {part}, which cannot be renamed to {path}: {error}"))
        })?;
        Ok(Some(self.path.clone()))
    }
}

impl Drop for Rejects {
    fn drop(&mut self) {
        if self.open.take().is_some() {
            let _gone = fs::remove_file(&self.part);
        }
    }
}

/// Refuses to list the rejects of a file in the file itself.
pub(super) fn check_apart(input: &Path, rejects: &Path) -> Result<()> {
    let same = matches!((input.canonicalize(), rejects.canonicalize()), (Ok(one), Ok(other)) if one == other);
    if same { Err(not_ours(rejects, rejects)) } else { Ok(()) }
}

/// Whether there is nothing at the path, or a regular file whose first bytes are as they should be.
fn may_replace(path: &Path, fits: impl Fn(&[u8]) -> bool) -> bool {
    let found = match fs::symlink_metadata(path) {
        Err(error) => return error.kind() == io::ErrorKind::NotFound,
        Ok(found) => found,
    };
    let most = u64::try_from(HEADER.len()).unwrap_or(u64::MAX);
    let mut first = Vec::new();
    // A link is not followed, a device or a pipe not opened.
    found.is_file() && File::open(path).and_then(|file| file.take(most).read_to_end(&mut first)).is_ok() && fits(&first)
}

fn not_ours(path: &Path, found: &Path) -> Error {
    Error::input(format!(
        "the rejects cannot be listed in {}: {} is there and is no list of rejects; name another file with --rejects",
        path.display(),
        found.display(),
    ))
}

fn failure(path: &Path, error: &io::Error) -> Error {
    Error::input(format!("the rejects file {} cannot be written: {error}; name another with --rejects", path.display()))
}
