//! What other programs say of our files. Skipped, aloud, where they are not installed, unless
//! `SHAPAN_TOOLS=required`.

use std::path::Path;
use std::process::Command;

use crate::support::{applied, complained, done, folder, run, without_tool};

/// The answer of a program, `None` where it is not here.
pub fn ask(folder: &Path, program: &str, arguments: &[&str]) -> Option<String> {
    let Ok(output) = Command::new(program).current_dir(folder).args(arguments).output() else {
        without_tool(&format!("{program} is not installed"));
        return None;
    };
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    Some(said)
}

const VALIDATOR: &str = "import sys; from osgeo_utils.samples import validate_gpkg as v; \
    sys.exit(v.main(['validate_gpkg', sys.argv[1]]))";

fn assert_valid(folder: &Path, name: &str) {
    let python = "/usr/bin/python3";
    let has_gdal =
        Command::new(python).args(["-c", "import osgeo_utils.samples.validate_gpkg"]).output();
    if !has_gdal.is_ok_and(|output| output.status.success()) {
        without_tool("GDAL's validate_gpkg is not installed");
        return;
    }
    let said = ask(folder, python, &["-c", VALIDATOR, name]).unwrap_or_default();
    assert!(!said.contains("GPKGCheckException") && !said.contains("Req "), "{said}");
}

#[test]
fn gdals_validator_accepts_a_new_an_edited_and_an_exported_file() {
    let folder = folder();
    let at = folder.path();
    done(at, &["new", "empty.gpkg"]);
    done(at, &["sample", "sample.gpkg"]);
    applied(at, "sample.gpkg", r#"{"op":"delete","layer":"control_point","code":"3576A"}"#);
    done(at, &["export", "sample.gpkg", "out.gpkg"]);
    for name in ["empty.gpkg", "sample.gpkg", "out.gpkg"] {
        assert_valid(at, name);
    }
}

#[test]
fn gdal_opens_every_layer_by_name() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "sample.gpkg"]);
    for (layer, count) in [("control_point", 5), ("site", 83), ("road", 16), ("camera", 4)] {
        let Some(said) = ask(at, "ogrinfo", &["-so", "sample.gpkg", layer]) else { return };
        assert!(said.contains(&format!("Feature Count: {count}")), "{said}");
        assert!(said.contains("WGS 84"), "{said}");
    }
}

#[test]
fn an_edit_by_gdal_is_taken_over_and_can_be_undone() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "sample.gpkg"]);
    let rename = "UPDATE site SET name = '外部改名' WHERE code = 'SL-S001'";
    if ask(at, "ogrinfo", &["-q", "sample.gpkg", "-sql", rename]).is_none() {
        return;
    }
    assert!(done(at, &["check", "sample.gpkg"]).contains("1 条记录由外部程序修改"));
    assert_eq!(
        applied(
            at,
            "sample.gpkg",
            r#"{"op":"update","layer":"site","code":"SL-S002","phone":"1"}"#
        ),
        "ok 3\n"
    );
    done(at, &["undo", "sample.gpkg"]);
    done(at, &["undo", "sample.gpkg"]);
    let sites = done(at, &["rings", "sample.gpkg", "--layer", "site"]);
    assert!(!sites.contains("外部改名"));
    assert_eq!(run(at, &["check", "sample.gpkg"]).status.code(), Some(0));
}

const WORD_READER: &str = "import sys, docx\n\
    paper = docx.Document(sys.argv[1])\n\
    for part in paper.paragraphs: print(part.text)\n\
    for table in paper.tables:\n    \
        for row in table.rows: print('\\t'.join(cell.text for cell in row.cells))\n\
    page = paper.sections[0]\n\
    print('#', round(page.page_width.mm), round(page.page_height.mm), len(paper.inline_shapes))\n\
    print('#', 'PAGE' in page.footer._element.xml)\n";

/// A Python with python-docx: that of the system, or whichever comes first.
pub fn word_reader() -> Option<&'static str> {
    let can = |python: &&str| {
        let asked = Command::new(python).args(["-c", "import docx"]).output();
        asked.is_ok_and(|output| output.status.success())
    };
    let found = ["/usr/bin/python3", "python3"].into_iter().find(can);
    if found.is_none() {
        without_tool("python-docx is not installed");
    }
    found
}

#[test]
fn a_word_reader_finds_in_the_notice_what_its_plain_text_says() {
    let folder = folder();
    let at = folder.path();
    done(at, &["sample", "sample.gpkg"]);
    let plan = "秋冬季货车绕行方案(示例)";
    let notice = |target: &str| {
        let issuer = "丰润区人民政府(示例)";
        let about = ["--date", "2026-11-25", "--issuer", issuer];
        let output = run(at, &[&["notice", "sample.gpkg", plan, target], &about[..]].concat());
        assert!(matches!(output.status.code(), Some(0 | 1)), "{}", complained(&output));
    };
    notice("notice.docx");
    notice("notice.txt");
    let written = std::fs::read_to_string(at.join("notice.txt")).unwrap();
    assert!(written.contains("丰润区人民政府(示例)\n2026年11月25日\n"), "{written}");
    assert!(written.contains("《中华人民共和国生态环境法典》"), "{written}");
    let Some(python) = word_reader() else { return };
    let Some(read) = ask(at, python, &["-c", WORD_READER, "notice.docx"]) else { return };
    let (facts, read): (Vec<&str>, Vec<&str>) =
        read.lines().filter(|line| !line.is_empty()).partition(|line| line.starts_with('#'));
    assert_eq!(facts, ["# 210 297 1", "# True"]);
    // The text has words where the paper has the map.
    let is_said = |line: &&str| !line.is_empty() && *line != "（见附图）";
    let mut written: Vec<&str> = written.lines().filter(is_said).collect();
    let mut read = read;
    written.sort_unstable();
    read.sort_unstable();
    assert_eq!(read, written);
}
