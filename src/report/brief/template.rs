//! A template as the office wrote it.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::Error;

/// Text of a file: UTF-8, else what a byte order mark says, else GB18030, which older editors here
/// write.
pub fn text(bytes: &[u8]) -> Result<String, Error> {
    let has = |mark: &[u8]| bytes.starts_with(mark);
    let text = if has(&[0xff, 0xfe]) {
        decoded(UTF_16LE, bytes)?
    } else if has(&[0xfe, 0xff]) {
        decoded(UTF_16BE, bytes)?
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        text.to_owned()
    } else {
        decoded(GB18030, bytes)?
    };
    let text = text.trim_start_matches('\u{feff}');
    if text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return Err(Error::NoText);
    }
    if text.trim().is_empty() {
        return Err(Error::Empty);
    }
    Ok(text.to_owned())
}

fn decoded(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> Result<String, Error> {
    let (text, _, is_broken) = encoding.decode(bytes);
    if is_broken { Err(Error::NoText) } else { Ok(text.into_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_may_be_utf_8_utf_16_or_gbk() {
        let words = "# 会商周报\n工地{sites}处\n";
        assert_eq!(text(words.as_bytes()).unwrap(), words);
        assert_eq!(text(format!("\u{feff}{words}").as_bytes()).unwrap(), words);
        assert_eq!(text(&GB18030.encode(words).0).unwrap(), words);
        let wide = words.encode_utf16().flat_map(u16::to_le_bytes);
        let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(wide).collect();
        assert_eq!(text(&wide).unwrap(), words);
    }

    #[test]
    fn an_empty_file_and_one_that_is_no_text_are_told_apart() {
        assert!(matches!(text(b""), Err(Error::Empty)));
        assert!(matches!(text(b" \r\n\t\n"), Err(Error::Empty)));
        // A Word file is a ZIP archive.
        assert!(matches!(text(b"PK\x03\x04\x14\x00\x06\x00"), Err(Error::NoText)));
        assert!(matches!(text(&[0x89, 0xff, 0xff, 0x80]), Err(Error::NoText)));
    }
}
