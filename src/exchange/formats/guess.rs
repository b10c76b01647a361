//! Which encoding text is in that says nothing of it, by the characters that its bytes would be.
//!
//! Most two-byte encodings of East Asia read each other's bytes without an error, as rare characters.
//! So each is asked how many of its characters would be common ones: of GB 2312 those of the first
//! level and the signs, of Big5 those of the first level and the signs, of Japanese the kana, of
//! Korean the syllables. Common characters make up nearly all of a true text, and about a third of a
//! false one.

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, SHIFT_JIS};

use crate::domain::{LocalizedText, Text};

/// Bytes behind the first that is not ASCII, at most.
const SAMPLE_BYTES: usize = 1 << 16;

/// The encoding of text that is no UTF-8; `None` where it looks like none that is known here, as text
/// of one byte a character does.
pub fn encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let start = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(bytes.len());
    let bytes = bytes.get(start..).unwrap_or_default();
    let bytes = bytes.get(..bytes.len().min(SAMPLE_BYTES)).unwrap_or_default();
    let chinese = Share::of(bytes, gb18030);
    let japanese = Share::of(bytes, euc_jp);
    let korean = Share::of(bytes, euc_kr);
    // Hangul stands where GB 2312 has half of its common characters, kana where it has kana too.
    if korean.count >= 8 && korean.is_nearly_all() && is_rather_korean(bytes) {
        return Some(EUC_KR);
    }
    if japanese.count >= 6 && japanese.is_nearly_all() && japanese.marks * 4 >= japanese.count {
        return Some(EUC_JP);
    }
    let others = [(BIG5, Share::of(bytes, big5)), (SHIFT_JIS, Share::of(bytes, shift_jis))];
    let is_kana = |encoding: &'static Encoding, share: &Share| {
        encoding != SHIFT_JIS || share.marks * 5 >= share.count
    };
    let best = others
        .into_iter()
        .filter(|(encoding, share)| {
            share.count >= 3 && share.is_nearly_all() && is_kana(encoding, share)
        })
        .max_by(|(_, one), (_, other)| one.value().total_cmp(&other.value()));
    match best {
        Some((encoding, share)) if share.value() >= chinese.value() + 0.1 => Some(encoding),
        // A name of rare characters is Chinese all the same.
        _ if chinese.is_mostly() || chinese.is_whole() => Some(GB18030),
        _ => None,
    }
}

/// Whether more of the characters are frequent ones of Korean than of Chinese, by far.
fn is_rather_korean(bytes: &[u8]) -> bool {
    const KOREAN: &str = "이가는을의에로하다고서시도구동길군면리산대원장사지기인자부정한국공수주소일상과전어나라안성은\
                          음식당역울경남북강중학교명번호물관";
    const CHINESE: &str = "的一是不有人大中名编号经度地点工业单电区店东北高家合格检查改公话建计机关环保管河村街道路厂\
                           口街道法定乡级结果负责备考办开化国海湖京津冀内光华丰河车辆类及和类别标房餐饮村饭汽加油";
    let share = |encoding: &'static Encoding, frequent: &str| {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        let (mut all, mut found) = (0_u32, 0_u32);
        for c in text.chars().filter(|c| c.is_alphabetic() && !c.is_ascii()) {
            all += 1;
            found += u32::from(frequent.contains(c));
        }
        f64::from(found) / f64::from(all.max(1))
    };
    let korean = share(EUC_KR, KOREAN);
    korean >= 0.3 && korean >= 2.0 * share(GB18030, CHINESE)
}

/// What a report says of text that was read in a guessed encoding.
pub fn read_as(encoding: &'static Encoding) -> LocalizedText {
    let name = name(encoding);
    LocalizedText::new(
        format!(
            "文件不是 UTF-8，也未注明其他编码，按 {} 读取；如有乱码，请另存为 UTF-8 后重新导入",
            name.zh
        ),
        format!("the file is not UTF-8 and does not say what else: read as {}", name.en),
    )
}

/// As people call it.
pub fn name(encoding: &'static Encoding) -> Text {
    match encoding.name() {
        "Big5" => Text::new("Big5（繁体中文）", "Big5"),
        "Shift_JIS" => Text::new("Shift-JIS（日文）", "Shift-JIS"),
        "EUC-JP" => Text::new("EUC-JP（日文）", "EUC-JP"),
        "EUC-KR" => Text::new("EUC-KR（韩文）", "EUC-KR"),
        "gb18030" => Text::new("GB18030", "GB18030"),
        name => Text::new(name, name),
    }
}

/// Why text is not read at all.
pub const UNKNOWN: Text = Text::new(
    "文字编码无法识别（不是 UTF-8、GB18030、Big5、Shift-JIS、EUC-KR）。请用原来的软件另存为 UTF-8 后再导入",
    "its text is in an encoding that is not known here (neither UTF-8 nor GB18030, Big5, Shift-JIS or \
     EUC-KR): save it as UTF-8 by the program that wrote it",
);

/// What the bytes are, read from their beginning as one encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Read {
    /// No character of it: goes on behind one byte.
    Broken,
    /// Bytes, and how well it fits.
    Char(usize, Fit),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    Rare,
    /// Rare, and its second byte is a letter of ASCII, as behind an accented letter of Europe.
    Doubtful,
    Common,
    /// Common, and a letter of this language alone.
    Mark,
}

#[derive(Clone, Copy, Debug, Default)]
struct Share {
    /// Characters that are not ASCII.
    count: u32,
    common: u32,
    marks: u32,
    doubtful: u32,
    broken: u32,
}

impl Share {
    fn of(bytes: &[u8], read: fn(u8, &[u8]) -> Read) -> Self {
        let mut share = Self::default();
        let mut rest = bytes;
        while let Some((first, behind)) = rest.split_first() {
            if first.is_ascii() {
                rest = behind;
                continue;
            }
            share.count += 1;
            let taken = match read(*first, behind) {
                // Cut off by the end of the sample.
                Read::Broken if behind.is_empty() => {
                    share.count -= 1;
                    1
                }
                Read::Broken => {
                    share.broken += 1;
                    1
                }
                Read::Char(taken, fit) => {
                    share.common += u32::from(matches!(fit, Fit::Common | Fit::Mark));
                    share.doubtful += u32::from(fit == Fit::Doubtful);
                    share.marks += u32::from(fit == Fit::Mark);
                    taken
                }
            };
            rest = rest.get(taken..).unwrap_or_default();
        }
        share
    }

    fn value(&self) -> f64 {
        f64::from(self.common) / f64::from(self.count.max(1))
    }

    fn is_whole(&self) -> bool {
        self.broken + self.doubtful == 0
    }

    /// So many that the rest are rare names and damage.
    fn is_mostly(&self) -> bool {
        self.value() >= 0.4 && self.broken * 5 <= self.count
    }

    fn is_nearly_all(&self) -> bool {
        self.value() >= 0.85 && self.broken * 50 <= self.count
    }
}

fn two(is_char: bool, fit: Fit) -> Read {
    if is_char { Read::Char(2, fit) } else { Read::Broken }
}

fn second(behind: &[u8]) -> u8 {
    behind.first().copied().unwrap_or_default()
}

fn gb18030(first: u8, behind: &[u8]) -> Read {
    let second = second(behind);
    if let [b'0'..=b'9', 0x81..=0xfe, b'0'..=b'9', ..] = behind {
        return if (0x81..=0xfe).contains(&first) {
            Read::Char(4, Fit::Rare)
        } else {
            Read::Broken
        };
    }
    let is_common = matches!(first, 0xa1..=0xa3 | 0xb0..=0xd7) && second >= 0xa1;
    let is_char =
        (0x81..=0xfe).contains(&first) && (0x40..=0xfe).contains(&second) && second != 0x7f;
    let fit = match (is_common, second.is_ascii()) {
        (true, _) => Fit::Common,
        (false, true) => Fit::Doubtful,
        (false, false) => Fit::Rare,
    };
    two(is_char, fit)
}

fn big5(first: u8, behind: &[u8]) -> Read {
    let second = second(behind);
    let is_char = (0x81..=0xfe).contains(&first) && matches!(second, 0x40..=0x7e | 0xa1..=0xfe);
    let is_common = (0xa1..=0xc6).contains(&first);
    two(is_char, if is_common { Fit::Common } else { Fit::Rare })
}

fn shift_jis(first: u8, behind: &[u8]) -> Read {
    let second = second(behind);
    let is_char = matches!(second, 0x40..=0x7e | 0x80..=0xfc);
    match first {
        0xa1..=0xdf => Read::Char(1, Fit::Rare),
        0x82 => two(is_char, if second >= 0x9f { Fit::Mark } else { Fit::Common }),
        0x83 => two(is_char, if second <= 0x96 { Fit::Mark } else { Fit::Rare }),
        0x81 | 0x88..=0x97 => two(is_char, Fit::Common),
        0x84..=0x87 | 0x98..=0x9f | 0xe0..=0xfc => two(is_char, Fit::Rare),
        _ => Read::Broken,
    }
}

fn euc_jp(first: u8, behind: &[u8]) -> Read {
    let second = second(behind);
    let is_char = second >= 0xa1;
    match first {
        0xa4 | 0xa5 => two(is_char, Fit::Mark),
        0xa1..=0xa3 | 0xb0..=0xcf => two(is_char, Fit::Common),
        0x8e | 0xa6..=0xfe => two(is_char, Fit::Rare),
        _ => Read::Broken,
    }
}

fn euc_kr(first: u8, behind: &[u8]) -> Read {
    let second = second(behind);
    match first {
        0xb0..=0xc8 if second >= 0xa1 => Read::Char(2, Fit::Mark),
        0xa1..=0xa3 if second >= 0xa1 => Read::Char(2, Fit::Common),
        0x81..=0xfe => two((0x41..=0xfe).contains(&second), Fit::Rare),
        _ => Read::Broken,
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{WINDOWS_1251, WINDOWS_1252};
    use proptest::prelude::*;

    use super::*;

    const SIMPLIFIED: &str =
        "企业名称,地址\n浭阳街道燕山路工地,唐山市丰润区西外环\n老王饭店,光华道";
    const TRADITIONAL: &str =
        "工地名稱,地址,經度\n中環廣場地盤,香港中環皇后大道,114.16\n觀塘碼頭,九龍觀塘海濱道,114.22";
    const JAPANESE: &str = "名称,住所\n東京タワー,東京都港区芝公園にある電波塔\nさくら工場,大阪府";
    const KOREAN: &str = "이름,주소\n서울 공사장,서울특별시 종로구\n부산 식당,부산광역시 해운대구";

    #[test]
    fn each_encoding_is_known_by_its_text() {
        for (text, wanted) in [
            (SIMPLIFIED, GB18030),
            (TRADITIONAL, BIG5),
            (JAPANESE, SHIFT_JIS),
            (JAPANESE, EUC_JP),
            (KOREAN, EUC_KR),
        ] {
            let (bytes, _, has_unmappable) = wanted.encode(text);
            assert!(!has_unmappable);
            assert_eq!(encoding(&bytes), Some(wanted), "{text}");
        }
        // Traditional characters as the mainland writes them, rare ones, and no more than two.
        for text in [
            TRADITIONAL,
            "㙟村垞硚口饭店",
            "联通",
            "x,浭阳街道\ny,联通\n",
            "鑫",
            // Each of these stands where Korean has a syllable.
            "编号,名称,经度,地点",
            "工地,合格\n工地,合格\n工地,不合格\n饭店,合格\n",
        ] {
            assert_eq!(encoding(&GB18030.encode(text).0), Some(GB18030), "{text}");
        }
    }

    #[test]
    fn text_of_one_byte_a_character_is_not_known() {
        for (encoded, text) in [
            (WINDOWS_1251, "Примерная точка, улица Ленина, дом первый"),
            (WINDOWS_1252, "Café São João, Rua da Sé, Müller Straße, Señor Núñez"),
        ] {
            assert_eq!(encoding(&encoded.encode(text).0), None, "{text}");
        }
    }

    proptest! {
        /// A line of any words of the ledger, in either encoding.
        #[test]
        fn a_line_of_words_is_known_in_either_encoding(
            words in proptest::collection::vec(proptest::sample::select(vec![
                ("工地", "工地"), ("饭店", "飯店"), ("企业名称", "企業名稱"), ("街道", "街道"),
                ("扬尘", "揚塵"), ("整改", "整改"), ("环境", "環境"), ("监测", "監測"), ("道路", "道路"),
                ("责任单位", "責任單位"), ("联系电话", "聯繫電話"), ("丰润区", "豐潤區"),
            ]), 4..30)
        ) {
            let simplified: String = words.iter().map(|(word, _)| *word).collect();
            let traditional: String = words.iter().map(|(_, word)| *word).collect();
            let simplified = format!("企业名称,经营地址,联系电话\n{simplified}");
            let traditional = format!("企業名稱,經營地址,聯繫電話\n{traditional}");
            prop_assert_eq!(encoding(&GB18030.encode(&simplified).0), Some(GB18030));
            prop_assert_eq!(encoding(&BIG5.encode(&traditional).0), Some(BIG5));
        }
    }
}
