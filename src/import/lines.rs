//! Bytes of a text file, checked line by line before anything parses them.
//!
//! At most one line is held, and a line is bounded *while it is read*: a file that is one endless line is refused
//! after the bound, not after the file.

use std::{
    cell::Cell,
    fmt,
    io::{self, BufRead as _, BufReader, Read},
};

/// Longest line, in bytes. The longest of the public files has some two thousand.
pub const LONGEST_LINE: usize = 1024 * 1024;

/// Why a file is refused as a whole.
#[derive(Debug)]
pub(super) struct Refusal {
    /// Line, counted from 1.
    pub(super) line: u64,
    /// What was found, and what was expected. Never a value.
    pub(super) reason: &'static str,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.reason)
    }
}

impl std::error::Error for Refusal {}

/// A reader that hands on only whole lines of UTF-8 without NUL, none longer than the bound, each ended by `\n`.
pub(super) struct Lines<R> {
    source: BufReader<R>,
    line: Vec<u8>,
    sent: usize,
    number: u64,
    longest: usize,
    /// Bytes handed on since the present record began: a quote that is never closed must not swallow the file.
    record: Cell<usize>,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(source: R, longest: usize) -> Self {
        let source = BufReader::with_capacity(64 * 1024, source);
        Self { source, line: Vec::new(), sent: 0, number: 0, longest, record: Cell::new(0) }
    }

    /// A record begins.
    pub(super) fn begin_record(&self) {
        self.record.set(0);
    }

    fn refuse(&self, reason: &'static str) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, Refusal { line: self.number.max(1), reason })
    }

    /// Reads and checks the next line; an empty one is the end of the file.
    fn advance(&mut self) -> io::Result<()> {
        self.line.clear();
        self.sent = 0;
        let bound = u64::try_from(self.longest).unwrap_or(u64::MAX).saturating_add(1);
        self.source.by_ref().take(bound).read_until(b'\n', &mut self.line)?;
        if self.line.is_empty() {
            return Ok(());
        }
        self.number = self.number.saturating_add(1);
        if self.number == 1 {
            self.byte_order_mark()?;
        }
        if self.line.len() > self.longest {
            return Err(self.refuse("the line is too long: lines of at most 1 MiB were expected"));
        }
        if self.line.contains(&0) {
            return Err(self.refuse("there is a NUL byte: text in UTF-8 was expected"));
        }
        if std::str::from_utf8(&self.line).is_err() {
            return Err(self.refuse("the bytes are not UTF-8: text in UTF-8 was expected"));
        }
        if self.line.last() != Some(&b'\n') {
            return Err(self.refuse("the file is cut off: a newline at the end of the last line was expected"));
        }
        if self.line.ends_with(b"\r\n") {
            self.line.truncate(self.line.len().saturating_sub(2));
            self.line.push(b'\n');
        }
        self.record.set(self.record.get().saturating_add(self.line.len()));
        if self.record.get() > self.longest.saturating_mul(2) {
            return Err(self.refuse("a record does not end: a closing quote was expected"));
        }
        Ok(())
    }

    /// That of UTF-8 is dropped, that of UTF-16 is named in the refusal.
    fn byte_order_mark(&mut self) -> io::Result<()> {
        if self.line.starts_with(&[0xff, 0xfe]) || self.line.starts_with(&[0xfe, 0xff]) {
            return Err(self.refuse("the file is in UTF-16: text in UTF-8 was expected"));
        }
        if self.line.starts_with(&[0xef, 0xbb, 0xbf]) {
            self.sent = 3;
        }
        Ok(())
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.sent >= self.line.len() {
            self.advance()?;
        }
        let count = self.line.get(self.sent..).unwrap_or_default().read(into)?;
        self.sent = self.sent.saturating_add(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<String, String> {
        let mut text = String::new();
        Lines::new(bytes, 16).read_to_string(&mut text).map(|_| text).map_err(|error| error.to_string())
    }

    #[test]
    fn whole_lines_pass_and_a_mark_is_dropped() {
        assert_eq!(read("\u{feff}a,b\nc,d\r\n".as_bytes()), Ok("a,b\nc,d\n".to_owned()));
        assert_eq!(read(b""), Ok(String::new()));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (bytes, expected) in [
            (&b"a\nbbbbbbbbbbbbbbbbbbbbbb\n"[..], "line 2: the line is too long"),
            (b"a\nb\0\n", "line 2: there is a NUL byte"),
            (b"a\n\xe9\n", "line 2: the bytes are not UTF-8"),
            (b"\xff\xfea\0\n\0", "line 1: the file is in UTF-16"),
            (b"a\nb", "line 2: the file is cut off"),
        ] {
            let error = read(bytes).expect_err("refused");
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn an_endless_line_is_refused_after_the_bound() {
        let mut lines = Lines::new(io::repeat(b'x'), 1000);
        assert!(lines.read(&mut [0; 8]).is_err());
        assert!(lines.line.capacity() < 10_000);
    }
}
