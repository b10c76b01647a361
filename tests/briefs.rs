//! The weekly brief as others read it: Word, PDF, HTML in a browser, Excel.

use crate::peers::{ask, word_reader};
use crate::support::{complained, done, file, folder, run};

fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What a reader sees of a page, and what its script and style say.
fn without_tags(html: &str) -> String {
    let parts = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    parts.collect::<String>().replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[test]
fn the_same_brief_is_found_in_word_pdf_and_text() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    for target in ["b.docx", "b.pdf", "b.html", "b.xlsx", "b.txt"] {
        done(at, &["brief", "a.gpkg", target]);
    }
    let plain = std::fs::read_to_string(at.join("b.txt")).unwrap();
    let wanted: Vec<&str> = plain
        .lines()
        .filter(|line| !line.starts_with('〔'))
        .flat_map(|line| line.split('\t'))
        .filter(|cell| cell.chars().count() > 3)
        .collect();
    assert!(wanted.len() > 60);
    let html = without_tags(&std::fs::read_to_string(at.join("b.html")).unwrap());
    let lost: Vec<_> = wanted.iter().filter(|words| !html.contains(**words)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    if let Some(text) = ask(at, "pdftotext", &["-layout", "b.pdf", "-"]) {
        // A cell is broken over lines beside other cells, so only short ones stand there whole.
        let text = letters(&text);
        let short = wanted.iter().filter(|words| words.chars().count() < 6);
        let lost: Vec<_> = short.filter(|words| !text.contains(&letters(words))).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
    let word = "import docx, sys; d = docx.Document('b.docx'); \
                ns = '{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t'; \
                print('\\n'.join(''.join(t.text or '' for t in p._p.iter(ns)) for p in d.paragraphs)); \
                print('\\n'.join(c.text for t in d.tables for r in t.rows for c in r.cells))";
    if let Some(python) = word_reader() {
        let text = ask(at, python, &["-c", word]).unwrap();
        let lost: Vec<_> = wanted.iter().filter(|words| !text.contains(**words)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}

#[test]
fn an_independent_reader_finds_the_tables_in_the_workbook() {
    use calamine::{DataType as _, Reader as _};
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    done(at, &["brief", "a.gpkg", "b.xlsx"]);
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(at.join("b.xlsx")).unwrap();
    let names = book.sheet_names();
    assert!(names.iter().any(|name| name == "控制点与控制圈"), "{names:?}");
    let decisions = book.worksheet_range(&names[0]).unwrap();
    let cell = |row: u32, column: u32| decisions.get_value((row, column)).unwrap().clone();
    let above = cell(0, 0).to_string();
    assert!(above.contains("大气污染防治会商周报") && above.contains("年"), "{above}");
    let about = cell(1, 0).to_string();
    assert!(about.starts_with("区域：丰润区　期间：") && about.contains("（版本 r"), "{about}");
    assert_eq!(cell(2, 0).to_string(), "筛选：无（全部）");
    assert_eq!(cell(4, 1).to_string(), "责任单位");
    assert_eq!(cell(5, 1).to_string(), "住建局");
    // Days are days, figures figures, and shares shares, also those that rest on few.
    let due = cell(5, 2);
    assert_eq!(due.as_date().map(|day| day.to_string()).as_deref(), Some("2026-11-24"), "{due:?}");
    let townships = book.worksheet_range("乡镇街道").unwrap();
    let row = townships.rows().find(|row| row[0] == "浭阳街道").unwrap();
    assert_eq!((row[2].as_f64(), row[3].as_f64()), (Some(7.0), Some(7.0)));
    assert!((row[5].as_f64().unwrap() - 0.429).abs() < 1e-9, "{row:?}");
    let mut shares = townships.rows().skip(5).filter_map(|row| row[5].as_f64());
    assert!(shares.any(|share| (share - 1.0).abs() < 1e-9));
}

#[test]
fn a_past_week_is_read_as_it_was_and_a_template_of_the_office_is_used() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let template = file(at, "t.md", "# 简报\n工地{sites}处，上期{rate_before}");
    let text = |arguments: &[&str]| {
        done(at, &[&["brief", "a.gpkg", "b.txt", "--template", &template], arguments].concat());
        std::fs::read_to_string(at.join("b.txt")).unwrap()
    };
    assert!(text(&[]).starts_with("简报\n\n工地12处，上期无数据\n"));
    assert_eq!(text(&["--week", "2025-W10"]), "简报\n\n工地0处，上期无数据\n", "before it began");
    let unknown = file(at, "u.md", "# 简报\n{weather}");
    let refused = run(at, &["brief", "a.gpkg", "c.txt", "--template", &unknown]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(complained(&refused).contains("line 2"), "{}", complained(&refused));
    assert!(!at.join("c.txt").exists());
    for wrong in [
        &["brief", "a.gpkg", "b.doc"][..],
        &["brief", "a.gpkg"],
        &["brief", "a.gpkg", "b.txt", "--meeting", "没有"],
    ] {
        assert_eq!(run(at, wrong).status.code(), Some(2), "{wrong:?}");
    }
    assert!(done(at, &["brief", "a.gpkg", "--print-template"]).contains("{rings_map}"));
}

/// The sample with a second meeting of six scenes, as its template makes them.
pub fn with_meeting(at: &std::path::Path) {
    done(at, &["sample", "a.gpkg"]);
    let scenes = [
        r#""name":"上次决定落实","fields":{"page":"decisions""#,
        r#""name":"控制点与控制圈","fields":{"page":"rings","view_lon":118.1562,"view_lat":39.8322,"zoom":14.5"#,
        r#""name":"工地达标","fields":{"page":"standards","note":"只给主讲人","filter":"{\"is_failing\":true}""#,
        r#""name":"拥堵与限行方案","fields":{"page":"traffic","plan":"秋冬季货车绕行方案(示例)""#,
        r#""name":"乡镇","fields":{"page":"townships""#,
        r#""name":"决定","fields":{"page":"decide""#,
    ];
    let meeting = r#"{"op":"create","layer":"meeting","code":"M2","name":"第二次会商会","fields":{"date":"2026-11-25","venue":"区指挥中心","chair":"李区长","attendees":["住建局","城管局"]}}"#;
    let scenes = (1..).zip(scenes).map(|(position, scene)| {
        let of = format!(r#","meeting":"M2","position":{position}}}}}"#);
        format!(r#"{{"op":"create","layer":"scene","code":"C{position}",{scene}{of}"#)
    });
    let lines: Vec<String> = std::iter::once(meeting.to_owned()).chain(scenes).collect();
    done(at, &["apply", "a.gpkg", &file(at, "m.jsonl", lines.join("\n"))]);
    let day = ["--date", "2026-11-25"];
    let said = "住建局 12月1日前 浭水花园工地雾炮到位";
    done(at, &[&["decide", "a.gpkg", said, "--meeting", "M2"], &day[..]].concat());
}

#[test]
fn the_minutes_of_a_meeting_are_read_by_others_as_they_were_written() {
    let folder = folder();
    let at = folder.path();
    with_meeting(at);
    for target in ["m.docx", "m.pdf", "m.txt"] {
        done(at, &["brief", "a.gpkg", target, "--meeting", "M2"]);
    }
    let plain = std::fs::read_to_string(at.join("m.txt")).unwrap();
    for words in ["主持：李区长", "会议决定以下1项", "浭水花园工地雾炮到位", "逾期1项（见附表"]
    {
        assert!(plain.contains(words), "{words}: {plain}");
    }
    assert!(!plain.contains("只给主讲人"), "{plain}");
    let wanted: Vec<String> = plain
        .lines()
        .filter(|line| !line.starts_with('〔'))
        .flat_map(|line| line.split('\t'))
        .map(letters)
        .collect();
    let lost = |text: &str| {
        let text = letters(text);
        wanted.iter().filter(|words| !text.contains(*words)).cloned().collect::<Vec<_>>()
    };
    let profile = format!("-env:UserInstallation=file://{}", at.join("profile").display());
    let convert = ["--headless", "--convert-to", "txt:Text (encoded):UTF8", "--outdir", "word"];
    if ask(at, "soffice", &[&[&*profile], &convert[..], &["m.docx"]].concat()).is_some() {
        let text = std::fs::read_to_string(at.join("word/m.txt")).unwrap();
        assert!(lost(&text).is_empty(), "{:?}", lost(&text));
    }
    if let Some(text) = ask(at, "pdftotext", &["m.pdf", "-"]) {
        let text = letters(&text);
        let titles = ["1.上次决定落实", "6.决定", "三、会议决定", "附表1", "—1/"];
        assert!(titles.iter().all(|words| text.contains(words)), "{text}");
    }
    // Figures lead to their lists: a bookmark for each in Word, a link over each in PDF.
    let pdf = std::fs::read(at.join("m.pdf")).unwrap();
    let links = pdf.windows(13).filter(|part| part == b"/Subtype/Link").count();
    assert!(links >= 6, "{links}");
}

#[test]
fn templates_that_cannot_be_used_are_refused_in_words_and_one_in_gbk_is_read() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let ask_with = |template: &str| run(at, &["brief", "a.gpkg", "b.txt", "--template", template]);
    file(at, "empty.md", "\n  \n");
    file(at, "word.md", b"PK\x03\x04\x14\x00\x06\x00");
    file(at, "wrong.md", "# 周报\n\n本周{weather}");
    for (template, words) in [
        ("empty.md", "模板是空的"),
        ("word.md", "模板不是文本"),
        ("wrong.md", "模板第 3 行：没有名为 {weather} 的内容"),
        ("nowhere.md", "cannot be read"),
    ] {
        let refused = ask_with(template);
        assert_eq!(refused.status.code(), Some(2), "{template}");
        assert!(complained(&refused).contains(words), "{template}: {}", complained(&refused));
        assert!(!at.join("b.txt").exists());
    }
    // 工地{sites}处 as older editors write it.
    file(at, "gbk.md", b"# \xd6\xdc\xb1\xa8\n\xb9\xa4\xb5\xd8{sites}\xb4\xa6\n");
    assert!(ask_with("gbk.md").status.success());
    let text = std::fs::read_to_string(at.join("b.txt")).unwrap();
    assert!(text.starts_with("周报\n\n工地12处\n"), "{text}");
}

#[test]
fn a_meeting_without_a_scene_and_one_whose_records_are_gone_have_minutes_too() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "a.gpkg"]);
    let gone = "01890a5d-ac96-774b-bcce-b302099a8057";
    let edits = [
        r#"{"op":"create","layer":"meeting","code":"M3","name":"空会","fields":{"date":"2026-11-25"}}"#.to_owned(),
        r#"{"op":"create","layer":"meeting","code":"M4","name":"旧会","fields":{"date":"2026-11-25"}}"#.to_owned(),
        format!(r#"{{"op":"create","layer":"scene","code":"C9","name":"已删","fields":{{"meeting":"M4","page":"rings","records":["{gone}"]}}}}"#),
    ];
    done(at, &["apply", "a.gpkg", &file(at, "m.jsonl", edits.join("\n"))]);
    done(at, &["brief", "a.gpkg", "b.txt", "--meeting", "M3"]);
    let read = || std::fs::read_to_string(at.join("b.txt")).unwrap();
    assert!(read().contains("本次会议没有场景。"), "{}", read());
    done(at, &["brief", "a.gpkg", "b.txt", "--meeting", "M4"]);
    assert!(read().contains("本场景所选对象中有1个已从区域文件中删除。"), "{}", read());
    assert!(
        done(at, &["brief", "a.gpkg", "--print-template", "--meeting", "M4"]).contains("{scenes}")
    );
}
