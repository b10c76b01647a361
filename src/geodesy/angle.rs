//! Longitudes and latitudes as people write them, one or several in a text: `118.16`, `118°9′36″`,
//! `东经118度9分36秒`, `E118.16`, `118-09-36`, `lng=118.16&lat=39.83`. Which datum they are on is not
//! asked here.

/// Which of the two a text says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    Lon,
    Lat,
}

/// A number of degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Angle {
    /// West and south are negative.
    pub degrees: f64,
    /// As letters or words beside it say.
    pub axis: Option<Axis>,
    /// Its parts were marked: no bare number.
    is_marked: bool,
}

/// Why a text is no angle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AngleFault {
    /// There is no number in it.
    Empty,
    /// A character or word that has no place in an angle.
    Unknown(String),
    /// Minutes or seconds of sixty or more.
    Sixty(String),
    /// The parts do not go together.
    Form,
    /// So many angles are not what was asked for.
    Count(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token {
    Number(f64),
    /// Degrees, minutes or seconds.
    Unit(u8),
    /// With the sign of its hemisphere.
    Axis(Axis, f64),
    /// A comma, a new line: what follows is another angle.
    Break,
    Blank,
    /// A hyphen or colon between numbers.
    Joint,
}

/// The one angle of a text. A comma is a decimal one where it can be no other.
pub fn angle(text: &str) -> Result<Angle, AngleFault> {
    if let Ok(degrees) = text.trim().parse::<f64>()
        && degrees.is_finite()
    {
        return Ok(Angle { degrees, axis: None, is_marked: false });
    }
    let plain = without_commas(&normal(text));
    match assembled(&tokens(&plain)?, true)?.as_slice() {
        [] => Err(AngleFault::Empty),
        [only] => Ok(*only),
        several => Err(AngleFault::Count(several.len())),
    }
}

/// All angles of a text, in its order: two for a place, a third that may be its height.
pub fn angles(text: &str) -> Result<Vec<Angle>, AngleFault> {
    let found = assembled(&tokens(&normal(text))?, false)?;
    if found.is_empty() { Err(AngleFault::Empty) } else { Ok(found) }
}

/// Longitude and latitude of a place, in degrees. Letters and words decide which is which; without
/// them the longitude comes first, unless only the other order lies on the Earth, or only the other
/// in China. A third number is a height, and passed over.
pub fn place(text: &str) -> Result<(f64, f64), AngleFault> {
    let found = angles(text)?;
    let (first, second) = match found.as_slice() {
        [first, second] => (first, second),
        [first, second, height] => {
            let is_height = height.axis.is_none() && !height.is_marked;
            // `118,9,36` may be degrees, minutes and seconds.
            let is_whole = found.iter().all(|angle| angle.degrees.fract() == 0.0);
            if !is_height || is_whole && !first.is_marked {
                return Err(AngleFault::Count(3));
            }
            (first, second)
        }
        others => return Err(AngleFault::Count(others.len())),
    };
    let (a, b) = (first.degrees, second.degrees);
    match (first.axis, second.axis) {
        (Some(one), Some(other)) if one == other => Err(AngleFault::Form),
        (Some(Axis::Lat), _) | (_, Some(Axis::Lon)) => Ok((b, a)),
        (None, None) if is_latitude_first(a, b) => Ok((b, a)),
        (Some(Axis::Lon), _) | (_, Some(Axis::Lat)) | (None, None) => Ok((a, b)),
    }
}

/// Whether of two bare numbers only the second can be a longitude: on the Earth, or in China.
pub fn is_latitude_first(first: f64, second: f64) -> bool {
    let is_only_order = first.abs() <= 90.0 && second.abs() > 90.0 && second.abs() <= 180.0;
    is_only_order || (3.0..=55.0).contains(&first) && (70.0..=140.0).contains(&second)
}

/// One spelling for what looks alike: half-width, no invisible characters, one mark a unit.
fn normal(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.trim().chars() {
        match c {
            // Joiners, marks of direction, soft hyphens and byte order marks that cells carry along.
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => {}
            '\n' | '\r' | '\t' => plain.push('\n'),
            c if c.is_control() => {}
            '\u{ff01}'..='\u{ff5e}' => {
                let half = char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c);
                plain.push(if half == '`' { '\'' } else { half });
            }
            'º' | '˚' | '∘' | '゜' | '⁰' | 'ᵒ' | '◦' => plain.push('°'),
            '′' | '’' | '‘' | '‵' | 'ʹ' | '´' | '`' | 'ˊ' | '分' => plain.push('\''),
            '″' | '”' | '“' | '〃' | '˝' | 'ʺ' | '〞' | '〝' | '秒' => plain.push('"'),
            '−' | '﹣' | '‐' | '‑' | '‒' | '–' | '—' => plain.push('-'),
            '。' | '﹒' => plain.push('.'),
            '、' => plain.push(','),
            '【' | '〔' | '「' => plain.push('('),
            '】' | '〕' | '」' => plain.push(')'),
            c if c.is_whitespace() => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain.replace("''", "\"")
}

/// `118,16` → `118.16`; `4,411,000.5` → `4411000.5`.
fn without_commas(text: &str) -> String {
    let parts: Vec<&str> = text.split(',').collect();
    let is_between = |pair: &[&str]| {
        let [before, after] = pair else { return false };
        before.ends_with(|c: char| c.is_ascii_digit())
            && after.starts_with(|c: char| c.is_ascii_digit())
    };
    if parts.len() < 2 || !parts.windows(2).all(is_between) {
        return text.to_owned();
    }
    let has_point = text.contains('.');
    let leading = |part: &str| part.chars().take_while(char::is_ascii_digit).count();
    let is_thousands = parts.iter().skip(1).all(|part| leading(part) == 3);
    match parts.len() {
        2 if !has_point => parts.join("."),
        _ if is_thousands => parts.concat(),
        _ => text.to_owned(),
    }
}

fn tokens(plain: &str) -> Result<Vec<Token>, AngleFault> {
    let chars: Vec<char> = plain.chars().collect();
    let at = |place: usize| chars.get(place).copied();
    let is_digit = |place: usize| at(place).is_some_and(|c| c.is_ascii_digit());
    let mut found: Vec<Token> = Vec::new();
    let mut next = 0;
    while let Some(c) = at(next) {
        let start = next;
        next += 1;
        let follows_number = matches!(found.last(), Some(Token::Number(_)));
        let token = match c {
            '0'..='9' | '.' => {
                while is_digit(next) || at(next) == Some('.') && is_digit(next + 1) {
                    next += 1;
                }
                number(chars.get(start..next).unwrap_or_default())?
            }
            '-' | '+' if is_digit(next) && !follows_number => {
                while is_digit(next) || at(next) == Some('.') && is_digit(next + 1) {
                    next += 1;
                }
                number(chars.get(start..next).unwrap_or_default())?
            }
            '-' | ':' if follows_number && is_digit(next) => Token::Joint,
            '°' | '度' => Token::Unit(0),
            '\'' => Token::Unit(1),
            // Around the words of JSON.
            '"' if !matches!(found.last(), Some(Token::Number(_))) => continue,
            '"' => Token::Unit(2),
            ',' | ';' | '|' | '/' | '&' | '\n' => Token::Break,
            ' ' => Token::Blank,
            '(' | ')' | '[' | ']' | '{' | '}' | ':' | '=' => continue,
            '东' | '西' | '南' | '北' | '经' | '纬' => {
                let (token, end) = chinese_word(&chars, start)?;
                next = end;
                token
            }
            c if c.is_ascii_alphabetic() => {
                while at(next).is_some_and(|c| c.is_ascii_alphabetic()) {
                    next += 1;
                }
                let word: String = chars.get(start..next).unwrap_or_default().iter().collect();
                let is_second = matches!(found.as_slice(), [.., Token::Unit(1), Token::Number(_)]);
                word_token(&word.to_lowercase(), follows_number, is_second)
                    .ok_or(AngleFault::Unknown(word))?
            }
            c => return Err(AngleFault::Unknown(c.to_string())),
        };
        found.push(token);
    }
    Ok(found)
}

fn number(chars: &[char]) -> Result<Token, AngleFault> {
    let text: String = chars.iter().collect();
    let value: Option<f64> = text.parse().ok();
    value.map(Token::Number).ok_or(AngleFault::Unknown(text))
}

/// `东经`, `北纬`, `经度`, `经` and so on, and where the word ends.
fn chinese_word(chars: &[char], start: usize) -> Result<(Token, usize), AngleFault> {
    let at = |place: usize| chars.get(place).copied().unwrap_or(' ');
    let (axis, sign, mut end) = match (at(start), at(start + 1)) {
        ('东', '经') => (Axis::Lon, 1.0, start + 2),
        ('西', '经') => (Axis::Lon, -1.0, start + 2),
        ('北', '纬') => (Axis::Lat, 1.0, start + 2),
        ('南', '纬') => (Axis::Lat, -1.0, start + 2),
        ('东' | '经', _) => (Axis::Lon, 1.0, start + 1),
        ('西', _) => (Axis::Lon, -1.0, start + 1),
        ('北' | '纬', _) => (Axis::Lat, 1.0, start + 1),
        ('南', _) => (Axis::Lat, -1.0, start + 1),
        (c, _) => return Err(AngleFault::Unknown(c.to_string())),
    };
    // 经度 is a word, 118度 a unit.
    if at(end) == '度' && !matches!(at(start), '东' | '西' | '南' | '北') {
        end += 1;
    }
    Ok((Token::Axis(axis, sign), end))
}

fn word_token(word: &str, follows_number: bool, is_second: bool) -> Option<Token> {
    Some(match word {
        "s" | "sec" if is_second => Token::Unit(2),
        "d" | "deg" if follows_number => Token::Unit(0),
        "m" | "min" if follows_number => Token::Unit(1),
        "e" | "east" | "lon" | "lng" | "long" | "longitude" | "x" => Token::Axis(Axis::Lon, 1.0),
        "w" | "west" => Token::Axis(Axis::Lon, -1.0),
        "n" | "north" | "lat" | "latitude" | "y" => Token::Axis(Axis::Lat, 1.0),
        "s" | "south" => Token::Axis(Axis::Lat, -1.0),
        _ => return None,
    })
}

/// An angle while its parts come in.
#[derive(Debug, Default)]
struct Parts {
    values: Vec<f64>,
    /// The unit of the last of them.
    unit: u8,
    is_marked: bool,
    axis: Option<(Axis, f64)>,
}

impl Parts {
    fn finish(&mut self, into: &mut Vec<Angle>) -> Result<(), AngleFault> {
        let Parts { values, is_marked, axis, .. } = std::mem::take(self);
        let Some((degrees, rest)) = values.split_first() else {
            self.axis = axis;
            return Ok(());
        };
        // Only the last part may have a fraction, and only the first a sign.
        let leading = values.get(..values.len() - 1).unwrap_or_default();
        if leading.iter().any(|part| part.fract() != 0.0) {
            return Err(AngleFault::Form);
        }
        let mut fraction = 0.0;
        for (part, share) in rest.iter().zip([60.0, 3600.0]) {
            if !(0.0..60.0).contains(part) {
                return Err(AngleFault::Sixty(part.to_string()));
            }
            fraction += part / share;
        }
        let size = degrees.abs() + fraction;
        let own = if degrees.is_sign_negative() { -size } else { size };
        let degrees = own * axis.map_or(1.0, |(_, sign)| sign);
        into.push(Angle { degrees, axis: axis.map(|(axis, _)| axis), is_marked });
        Ok(())
    }

    fn turn(&mut self, axis: Axis, sign: f64) -> Result<(), AngleFault> {
        match self.axis {
            Some((known, _)) if known != axis => return Err(AngleFault::Form),
            // 经度：E118.16 says it twice.
            Some((_, known)) => self.axis = Some((axis, known.min(sign))),
            None => self.axis = Some((axis, sign)),
        }
        Ok(())
    }
}

/// `is_single` where blanks part degrees from minutes, not an angle from the next.
fn assembled(tokens: &[Token], is_single: bool) -> Result<Vec<Angle>, AngleFault> {
    let first = tokens.iter().find(|token| matches!(token, Token::Axis(..) | Token::Number(_)));
    let is_prefixed = matches!(first, Some(Token::Axis(..)));
    let (mut found, mut parts) = (Vec::new(), Parts::default());
    let mut is_joined = false;
    for (place, token) in tokens.iter().enumerate() {
        match *token {
            Token::Number(value) => {
                let rest = tokens.get(place + 1..).unwrap_or_default();
                let unit = match rest.iter().find(|token| **token != Token::Blank) {
                    Some(Token::Unit(unit)) => Some(*unit),
                    _ => None,
                };
                let goes_on = match unit {
                    _ if parts.values.is_empty() => false,
                    Some(unit) => unit > parts.unit,
                    None => parts.unit < 2 && (parts.is_marked || is_joined || is_single),
                };
                if !goes_on {
                    parts.finish(&mut found)?;
                }
                let own = unit.unwrap_or(if goes_on { parts.unit + 1 } else { 0 });
                if usize::from(own) != parts.values.len() {
                    return Err(AngleFault::Form);
                }
                parts.values.push(value);
                parts.unit = own;
                parts.is_marked |= unit.is_some();
                is_joined = false;
            }
            Token::Axis(axis, sign) if is_prefixed => {
                parts.finish(&mut found)?;
                parts.turn(axis, sign)?;
            }
            Token::Axis(axis, sign) => {
                parts.turn(axis, sign)?;
                parts.finish(&mut found)?;
            }
            Token::Break => parts.finish(&mut found)?,
            Token::Joint => is_joined = true,
            Token::Unit(_) if parts.values.is_empty() => return Err(AngleFault::Form),
            Token::Unit(_) | Token::Blank => {}
        }
    }
    parts.finish(&mut found)?;
    if !is_single {
        gather(&mut found, tokens);
    }
    Ok(found)
}

/// `118 9 36 39 49 48`: bare numbers apart by blanks only are two angles of two or three parts.
fn gather(found: &mut Vec<Angle>, tokens: &[Token]) {
    let is_bare = tokens.iter().all(|token| matches!(token, Token::Number(_) | Token::Blank));
    if !is_bare || !matches!(found.len(), 4 | 6) {
        return;
    }
    let values: Vec<f64> = found.iter().map(|angle| angle.degrees).collect();
    let mut whole = Vec::new();
    for values in values.chunks(found.len() / 2) {
        let mut parts = Parts { values: values.to_vec(), is_marked: true, ..Parts::default() };
        if parts.finish(&mut whole).is_err() {
            return;
        }
    }
    *found = whole;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "halves are read without rounding")]
    fn an_angle_is_read_as_people_write_it() {
        for text in [
            "118.16",
            " 118.16 ",
            "118°9'36\"",
            "118°9′36″",
            "东经118度9分36秒",
            "东经：118°9′36″",
            "E118.16°",
            "118.16°E",
            "E118° 9' 36.0\"",
            "１１８．１６",
            "118 9 36",
            "118-09-36",
            "118:09:36",
            "118º9'36\"",
            "118˚9′36″",
            "118°9'36''",
            "118°9′36〃",
            "118。16",
            "118,16",
            "118.16度",
            "118°9.6′",
            "\u{a0}118.16",
            "118.16\u{200b}",
            "\u{202d}118.16\u{202c}",
            "经度118.16°",
            "118d9m36s",
            "118 度 9 分 36 秒",
            "经度：E118.16",
        ] {
            let read = angle(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
            assert!((read.degrees - 118.16).abs() < 1e-9, "{text}: {read:?}");
            assert_ne!(read.axis, Some(Axis::Lat), "{text}");
        }
        assert_eq!(angle("-0°30'").unwrap().degrees, -0.5);
        assert_eq!(angle("118°30′W").unwrap().degrees, -118.5);
        assert_eq!(angle("西经118.5").unwrap().degrees, -118.5);
        assert_eq!(angle("4,411,000.5").unwrap().degrees, 4_411_000.5);
        assert_eq!(angle("39°49′48″N").unwrap().axis, Some(Axis::Lat));
    }

    #[test]
    fn what_is_no_angle_is_named() {
        let unknown = |text: &str| Err(AngleFault::Unknown(text.to_owned()));
        assert_eq!(angle("abc"), unknown("abc"));
        assert_eq!(angle("118.16㎡"), unknown("㎡"));
        assert_eq!(angle("118.16.5"), unknown("118.16.5"));
        assert_eq!(angle("118°61'"), Err(AngleFault::Sixty("61".to_owned())));
        assert_eq!(angle("1°2'3\"4"), Err(AngleFault::Count(2)));
        assert_eq!(angle("118.5°9'"), Err(AngleFault::Form));
        assert_eq!(angle("°"), Err(AngleFault::Form));
        assert_eq!(angle(""), Err(AngleFault::Empty));
        assert_eq!(angle("1,18,16"), Err(AngleFault::Count(3)));
        assert_eq!(angle("9'36\""), Err(AngleFault::Form));
        for text in ["inf", "nan", "1e999"] {
            assert!(angle(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_place_is_read_as_people_write_it() {
        for text in [
            "118.16,39.83",
            "118.16，39.83",
            "118.16、39.83",
            "39.83, 118.16",
            "(118.16 39.83)",
            "118.16;39.83",
            "东经118°9′36″北纬39°49′48″",
            "E118°9′36″N39°49′48″",
            "北纬39°49′48″，东经118°9′36″",
            "经度：118.16 纬度：39.83",
            "经度118.16°，纬度39.83°",
            "118.16°E，39.83°N",
            "118.16,39.83,12.5",
            "[118.16,39.83]",
            "{lng:118.16,lat:39.83}",
            "{\"lng\":118.16,\"lat\":39.83}",
            "118.16 , 39.83",
            "lng=118.16&lat=39.83",
            "N39.83 E118.16",
            "39.83N,118.16E",
            "118.16\n39.83",
            "（118.16，39.83）",
            "118 9 36 39 49 48",
            "118-09-36 39-49-48",
            "118°9'36\" 39°49'48\"",
            "118°9'36\"39°49'48\"",
            "118.16/39.83",
        ] {
            let (x, y) = place(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
            assert!((x - 118.16).abs() < 1e-9 && (y - 39.83).abs() < 1e-9, "{text}: {x} {y}");
        }
        // Kashgar, where only China tells the order.
        assert_eq!(place("39.47,75.99"), Ok((75.99, 39.47)));
    }

    #[test]
    fn two_places_or_a_half_one_are_none() {
        assert_eq!(place("118.16，39.83；118.17，39.84"), Err(AngleFault::Count(4)));
        assert_eq!(place("118,9,36"), Err(AngleFault::Count(3)));
        assert_eq!(place("118.16"), Err(AngleFault::Count(1)));
        assert_eq!(place("118.16E 119.16E"), Err(AngleFault::Form));
    }
}
