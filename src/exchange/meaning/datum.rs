//! Which datum the numbers of a row are in. Somebody states it, or nothing is taken.

use crate::domain::LocalizedText;
use crate::exchange::StatedCrs;
use crate::geodesy::crs::Crs;

/// Decides for every row with a place, and remembers what was used.
#[derive(Debug)]
pub struct Datums {
    /// What the person says.
    asked: Option<Crs>,
    /// It goes before what the file claims.
    overrules: bool,
    /// Some row was read as the file states it.
    has_stated: bool,
    /// Words of the file about itself that name a datum.
    mentions: Vec<(String, Crs)>,
    table: TableCrs,
    used: Vec<Crs>,
    /// Cells of a `crs` column, which mostly repeat.
    words: Vec<(String, Option<Crs>)>,
    overruled: Vec<Crs>,
    /// A statement of the file that nobody understands, and the person's word was taken instead.
    replaced: Vec<String>,
}

#[derive(Debug)]
enum TableCrs {
    Silent,
    Stated(Crs),
    Unknown(String),
}

/// Why the datum of a row is not known.
#[derive(Debug, PartialEq, Eq)]
pub enum Undecided {
    /// Neither the file nor the person says it.
    Unstated,
    /// The file says something that is not known here.
    Unknown(String),
    /// One row does.
    UnknownInRow(String),
}

/// The words that say nothing.
const SILENCE: &[&str] = &["不详", "未知", "无", "/", "-", "unknown"];

const MAX_WORDS: usize = 256;

impl Datums {
    /// `asked` is what a person has said of the file, and whether against what it claims itself.
    pub fn new(asked: Option<Crs>, overrules: bool) -> Self {
        Self {
            overrules: overrules && asked.is_some(),
            asked,
            has_stated: false,
            mentions: Vec::new(),
            table: TableCrs::Silent,
            used: Vec::new(),
            words: Vec::new(),
            overruled: Vec::new(),
            replaced: Vec::new(),
        }
    }

    /// What the next table says of itself.
    pub fn begin_table(&mut self, stated: &StatedCrs) {
        let unless =
            |crs: Option<Crs>, text: String| crs.map_or(TableCrs::Unknown(text), TableCrs::Stated);
        self.table = match stated {
            StatedCrs::Unstated => TableCrs::Silent,
            StatedCrs::Wgs84 => TableCrs::Stated(Crs::Wgs84),
            StatedCrs::Epsg(code) => unless(Crs::from_epsg(*code), format!("epsg:{code}")),
            StatedCrs::Wkt(wkt) => {
                unless(Crs::from_wkt(wkt), wkt.chars().take(120).collect::<String>())
            }
        };
    }

    /// The cell of the row comes first, then the name of its column, then the table, then the
    /// person.
    pub fn of_row(&mut self, word: &str, column: Option<&Crs>) -> Result<&Crs, Undecided> {
        let said = match self.said(word) {
            Err(_) if self.overrules => None,
            said => said?,
        };
        if let Some(crs) = said {
            return Ok(self.stated(crs));
        }
        if let Some(crs) = column {
            return Ok(self.stated(crs.clone()));
        }
        let crs = match (&self.table, &self.asked) {
            (TableCrs::Stated(crs), _) => return Ok(self.stated(crs.clone())),
            (TableCrs::Unknown(text), None) => return Err(Undecided::Unknown(text.clone())),
            (TableCrs::Unknown(text), Some(asked)) => {
                if !self.replaced.contains(text) {
                    self.replaced.push(text.clone());
                }
                asked.clone()
            }
            (TableCrs::Silent, Some(asked)) => asked.clone(),
            (TableCrs::Silent, None) => return Err(Undecided::Unstated),
        };
        Ok(self.remembered(crs))
    }

    /// The EPSG code in front of an EWKT.
    pub fn of_epsg(&mut self, code: u32) -> Result<&Crs, Undecided> {
        match Crs::from_epsg(code) {
            Some(crs) => Ok(self.stated(crs)),
            None if self.overrules => self.of_row("", None),
            None => Err(Undecided::UnknownInRow(format!("SRID={code}"))),
        }
    }

    fn said(&mut self, word: &str) -> Result<Option<Crs>, Undecided> {
        let word = word.trim();
        if word.is_empty() || SILENCE.contains(&word) {
            return Ok(None);
        }
        if let Some((_, crs)) = self.words.iter().find(|(known, _)| known == word) {
            return crs.clone().map(Some).ok_or_else(|| Undecided::UnknownInRow(word.to_owned()));
        }
        let crs = from_word(word);
        if self.words.len() < MAX_WORDS {
            self.words.push((word.to_owned(), crs.clone()));
        }
        crs.map(Some).ok_or_else(|| Undecided::UnknownInRow(word.to_owned()))
    }

    /// A title, a file name or the like; what names no datum is passed over.
    pub fn mention(&mut self, words: &str) {
        let Some(crs) = Crs::mentioned_in(words) else { return };
        let words: String = words.trim().chars().take(60).collect();
        if self.mentions.len() < MAX_WORDS
            && !self.mentions.iter().any(|(known, _)| *known == words)
        {
            self.mentions.push((words, crs));
        }
    }

    /// The option by which a person would have it otherwise.
    pub fn option(&self) -> &'static str {
        if self.has_stated { "--override-crs" } else { "--crs" }
    }

    fn stated(&mut self, crs: Crs) -> &Crs {
        self.has_stated = true;
        let differs = self.asked.as_ref().is_some_and(|asked| !is_same(asked, &crs));
        if differs && !self.overruled.contains(&crs) {
            self.overruled.push(crs.clone());
        }
        match &self.asked {
            Some(asked) if self.overrules => self.remembered(asked.clone()),
            _ => self.remembered(crs),
        }
    }

    fn remembered(&mut self, crs: Crs) -> &Crs {
        let at = self.used.iter().position(|used| *used == crs).unwrap_or_else(|| {
            self.used.push(crs);
            self.used.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "the position was found or made just now")]
        &self.used[at]
    }

    /// All that were used, in the order of first use.
    pub fn names(&self) -> String {
        self.used.iter().map(Crs::name).collect::<Vec<_>>().join(", ")
    }

    /// The only one that was used; `None` for several or none.
    pub fn only(&self) -> Option<&Crs> {
        match self.used.as_slice() {
            [only] => Some(only),
            _ => None,
        }
    }

    /// What a person should know about the datums of the file.
    pub fn warnings(&self) -> Vec<LocalizedText> {
        let asked = self.asked.as_ref().map(Crs::name).unwrap_or_default();
        let overruled = self.overruled.iter().map(|stated| {
            let stated = stated.name();
            if self.overrules {
                return LocalizedText::new(
                    format!("文件注明坐标系为 {stated}，已按 --override-crs 改按 {asked} 读取"),
                    format!("the file states {stated}, but --override-crs {asked} was used"),
                );
            }
            LocalizedText::new(
                format!("文件注明坐标系为 {stated}，以文件为准，未采用 --crs {asked}"),
                format!(
                    "the file states {stated}, which is believed; --crs {asked} was left aside"
                ),
            )
        });
        let replaced = self.replaced.iter().map(|stated| {
            LocalizedText::new(
                format!("无法识别文件注明的坐标系，已按 --crs {asked} 读取：{stated}"),
                format!(
                    "the file states a CRS that is not known here, --crs {asked} was used: {stated}"
                ),
            )
        });
        let used = |crs: &Crs| self.used.iter().any(|used| is_same(used, crs));
        let doubted = self.mentions.iter().filter(|(_, crs)| !self.used.is_empty() && !used(crs));
        let doubted = doubted.map(|(words, crs)| {
            let (crs, names, option) = (crs.name(), self.names(), self.option());
            LocalizedText::new(
                format!(
                    "文件里写着“{words}”，而坐标按 {names} 读取；若实为 {crs}，请用 {option} {crs} 重新导入"
                ),
                format!(
                    "the file says `{words}`, and was read as {names}; if it is {crs}: {option} {crs}"
                ),
            )
        });
        doubted.chain(overruled).chain(replaced).collect()
    }
}

/// CGCS2000 and WGS-84 differ by centimetres.
fn is_same(a: &Crs, b: &Crs) -> bool {
    let is_global = |crs: &Crs| matches!(crs, Crs::Wgs84 | Crs::Cgcs2000);
    a == b || is_global(a) && is_global(b)
}

fn from_word(word: &str) -> Option<Crs> {
    if let Ok(crs) = word.parse() {
        return Some(crs);
    }
    if let Ok(code) = word.parse() {
        return Crs::from_epsg(code);
    }
    let plain = super::names::normal(word).replace(['-', '_'], "");
    let says = |words: &[&str]| words.iter().any(|known| plain.contains(known));
    match () {
        () if says(&["gcj", "火星", "高德", "腾讯"]) => Some(Crs::Gcj02),
        () if says(&["bd09", "百度"]) => Some(Crs::Bd09),
        () if says(&["wgs84"]) && !says(&["utm"]) => Some(Crs::Wgs84),
        () if plain == "cgcs2000" || plain == "国家2000" || plain == "2000国家大地坐标系" => {
            Some(Crs::Cgcs2000)
        }
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_file_states_is_believed_and_the_option_only_fills_silence() {
        let mut datums = Datums::new(Some(Crs::Gcj02), false);
        assert_eq!(datums.of_row("", None), Ok(&Crs::Gcj02));
        assert!(datums.warnings().is_empty());
        datums.begin_table(&StatedCrs::Epsg(4326));
        assert_eq!(datums.of_row("", None), Ok(&Crs::Wgs84));
        assert_eq!(datums.of_row("", Some(&Crs::Bd09)), Ok(&Crs::Bd09));
        assert_eq!(datums.of_row("GCJ-02(火星坐标)", Some(&Crs::Bd09)), Ok(&Crs::Gcj02));
        assert_eq!(datums.names(), "gcj02, wgs84, bd09");
        assert_eq!(datums.warnings().len(), 2);
    }

    #[test]
    fn without_any_word_there_is_no_datum() {
        let mut datums = Datums::new(None, false);
        assert_eq!(datums.of_row("不详", None), Err(Undecided::Unstated));
        let unknown = Err(Undecided::UnknownInRow("西安80".to_owned()));
        assert_eq!(datums.of_row("西安80", None), unknown);
        assert_eq!(datums.of_row("西安80", None), unknown);
        datums.begin_table(&StatedCrs::Epsg(2_000_000));
        assert_eq!(datums.of_row("", None), Err(Undecided::Unknown("epsg:2000000".to_owned())));
    }

    #[test]
    fn a_statement_nobody_knows_gives_way_to_the_person() {
        let mut datums = Datums::new(Some(Crs::Cgcs2000), false);
        datums.begin_table(&StatedCrs::Epsg(2_000_000));
        assert_eq!(datums.of_row("", None), Ok(&Crs::Cgcs2000));
        assert!(datums.warnings().iter().any(|words| words.en.contains("epsg:2000000")));
    }

    #[test]
    fn a_person_may_overrule_a_false_claim_on_purpose() {
        let mut datums = Datums::new(Some(Crs::Gcj02), true);
        datums.begin_table(&StatedCrs::Wgs84);
        assert_eq!(datums.of_row("", None), Ok(&Crs::Gcj02));
        assert_eq!(datums.of_row("BD-09", None), Ok(&Crs::Gcj02));
        assert_eq!(datums.of_epsg(4326), Ok(&Crs::Gcj02));
        let warnings = datums.warnings();
        assert!(warnings.iter().all(|words| words.en.contains("--override-crs gcj02")));
        assert_eq!(warnings.len(), 2);
    }

    #[test]
    fn a_title_that_names_another_datum_is_said() {
        let mut datums = Datums::new(None, false);
        datums.begin_table(&StatedCrs::Wgs84);
        datums.mention("奥维导出(火星坐标)");
        datums.mention("WGS84 工地");
        assert!(datums.warnings().is_empty(), "nothing has been read");
        datums.of_row("", None).unwrap();
        let [warning] = &datums.warnings()[..] else { panic!("one") };
        assert!(warning.zh.contains("--override-crs gcj02"), "{warning:?}");
    }
}
