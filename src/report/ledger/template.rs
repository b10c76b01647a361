//! Templates of the papers of the ledger.
//!
//! `# ` begins the title, `## ` a heading, `> ` a line at the right, `[…]` the number below the title;
//! `{表 编号:2 点位/地址:3}` is a table of the items with these columns and their widths, `{超期 …}` of
//! those that are overdue, `{排名 乡镇街道}` the rates of a group, `{照片}` the pairs of photos, `{地图}` a map with
//! a code that leads there, `{经过}`
//! what was done step by step, `{缺证据}` on a line of its own what lacks, in red. What stands between `{逐件}` and `{完}` comes again for each item. Any
//! other `{name}` is a figure of the paper or, between these two, a column of the item.

use super::pair::side_by_side;
use super::sheet::{CellOf, Cells, LACKING, SheetOptions, lacks};
use super::{Error, PaperRequest, district, patrol};
use crate::analysis::ledger::{Group, LedgerRow, Measure, Rate, rates};
use crate::domain::item::{moment_words, steps};
use crate::report::block::{Block, PaperTable};
use crate::report::brief::FEW_WORDS;

/// A request on its way into a template.
pub(super) struct Filling<'a> {
    pub request: &'a PaperRequest<'a>,
}

/// So many pairs of photos come into one paper.
const MOST_PHOTOS: usize = 60;

impl Filling<'_> {
    pub fn blocks(&self, template: &str) -> Result<Vec<Block>, Error> {
        let lines: Vec<&str> = template.lines().collect();
        let mut blocks = Vec::new();
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            if line.trim() != "{逐件}" {
                self.line(line, at + 1, None, &mut blocks)?;
                at += 1;
                continue;
            }
            let end = lines.iter().skip(at).position(|line| line.trim() == "{完}");
            let end = end.map_or(lines.len(), |end| at + end);
            for row in &self.request.items {
                for (inner, line) in lines.iter().enumerate().take(end).skip(at + 1) {
                    self.line(line, inner + 1, Some(row), &mut blocks)?;
                }
            }
            at = end + 1;
        }
        Ok(blocks)
    }

    fn cells(&self) -> Cells<'_> {
        let options = SheetOptions { with_persons: true, with_sanctions: false };
        Cells::of(self.request.world, self.request.ledger, self.request.now, options)
    }

    fn line(
        &self,
        line: &str,
        number: usize,
        item: Option<&LedgerRow>,
        blocks: &mut Vec<Block>,
    ) -> Result<(), Error> {
        let text = line.trim_end();
        if let Some(section) = text.trim().strip_prefix('{').and_then(|it| it.strip_suffix('}'))
            && self.section(section, item, blocks)?
        {
            return Ok(());
        }
        let words = self.words(text, number, item)?;
        let after = |mark: &str| words.strip_prefix(mark).map(str::to_owned);
        blocks.push(if let Some(title) = after("# ") {
            Block::Title(title)
        } else if let Some(heading) = after("## ") {
            Block::Heading(heading)
        } else if let Some(signature) = after("> ") {
            Block::Signature(signature)
        } else if let Some(number) = words.strip_prefix('[').and_then(|it| it.strip_suffix(']')) {
            if number.trim().is_empty() {
                return Ok(());
            }
            Block::Number(number.to_owned())
        } else {
            Block::Paragraph(words)
        });
        Ok(())
    }

    /// Whether the words between two braces are a section, which is put then.
    fn section(
        &self,
        words: &str,
        item: Option<&LedgerRow>,
        blocks: &mut Vec<Block>,
    ) -> Result<bool, Error> {
        let mut parts = words.split_whitespace();
        let items: Vec<&LedgerRow> =
            item.map_or_else(|| self.request.items.clone(), |item| vec![item]);
        match parts.next() {
            Some("表") => blocks.push(self.table(parts, &items)),
            Some("超期") => {
                let now = self.request.now;
                let all = self.request.ledger.rows.iter();
                let late: Vec<&LedgerRow> = all.filter(|row| row.is_overdue(now)).collect();
                blocks.push(if late.is_empty() {
                    Block::Paragraph("无。".to_owned())
                } else {
                    self.table(parts, &late)
                });
            }
            Some("排名") => {
                let name = parts.next().unwrap_or_default();
                let group = Group::ALL.into_iter().find(|group| group.label().zh == name);
                let Some(group) = group else { return Ok(false) };
                blocks.extend(self.rates(group));
            }
            Some("照片") => self.photos(&items, blocks),
            Some("地图") => {
                for row in &items {
                    blocks.push(self.map(row)?);
                }
            }
            Some("经过") => blocks.extend(items.iter().map(|row| Block::Table(history(row)))),
            Some(LACKING) => {
                let red = items.iter().map(|row| lacks(&row.record)).filter(|it| !it.is_empty());
                let rows: Vec<Vec<String>> = red.map(|words| vec![words]).collect();
                if !rows.is_empty() {
                    blocks.push(Block::Table(PaperTable {
                        header: vec![LACKING.to_owned()],
                        widths: vec![1],
                        act: (0..rows.len()).map(|place| (place, 0)).collect(),
                        rows,
                        ..PaperTable::default()
                    }));
                }
            }
            Some("注") => blocks.push(Block::Note(NOTE.to_owned())),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn map(&self, row: &LedgerRow) -> Result<Block, Error> {
        let PaperRequest { world, link, now, .. } = *self.request;
        let picture = patrol::picture(world, &row.record, link, now.date())?;
        Ok(match picture {
            Some(picture) => Block::Picture(picture),
            None => Block::Note("待定位：没有坐标，不能生成地图和导航码。".to_owned()),
        })
    }

    fn table<'h>(&self, heads: impl Iterator<Item = &'h str>, rows: &[&LedgerRow]) -> Block {
        let mut columns: Vec<(&str, u32)> = heads
            .map(|head| match head.rsplit_once(':') {
                Some((head, width)) => (head, width.parse().unwrap_or(1)),
                None => (head, 1),
            })
            .collect();
        // What lacks evidence says so in every paper, whatever its template asks for.
        if rows.iter().any(|row| row.lacks) && !columns.iter().any(|(head, _)| *head == LACKING) {
            columns.push((LACKING, 4));
        }
        let of_lacks = columns.iter().position(|(head, _)| *head == LACKING);
        let lacking = rows.iter().enumerate().filter(|(_, row)| row.lacks);
        let act = lacking.filter_map(|(place, _)| Some((place, of_lacks?))).collect();
        let sources: Vec<CellOf> = columns.iter().map(|(head, _)| CellOf::head(head)).collect();
        let cells = self.cells();
        let row = |(place, row): (usize, &&LedgerRow)| {
            sources.iter().map(|source| cells.cell(source, row, place + 1)).collect()
        };
        Block::Table(PaperTable {
            header: columns.iter().map(|(head, _)| (*head).to_owned()).collect(),
            widths: columns.iter().map(|(_, width)| *width).collect(),
            rows: rows.iter().enumerate().map(row).collect(),
            act,
            ..PaperTable::default()
        })
    }

    fn rates(&self, group: Group) -> Vec<Block> {
        let rates = rates(self.request.ledger, group, self.request.between, self.request.now);
        let mut blocks = vec![Block::Table(rate_table(group, &rates))];
        if group.counts_several() {
            blocks.push(Block::Note(format!(
                "同一件涉及多个{}的，在各{}中分别计数，各行之和大于件数。",
                group.label().zh,
                group.label().zh
            )));
        }
        blocks
    }

    /// The last photo of each side together, then the earlier ones.
    fn photos(&self, items: &[&LedgerRow], blocks: &mut Vec<Block>) {
        for row in items.iter().take(MOST_PHOTOS) {
            let code = row.record.code().unwrap_or_default();
            let [before, after] =
                ["photos_before", "photos_after"].map(|key| row.record.words(key).to_vec());
            let picture = |name: &str| (self.request.picture)(name);
            let pair = before.last().zip(after.last()).and_then(|(before, after)| {
                let words = format!("{code} 整改前 整改后");
                side_by_side(&picture(before)?, &picture(after)?, words)
            });
            let rest = usize::from(pair.is_some());
            if let Some(pair) = pair {
                blocks.push(Block::Caption(format!("{code} 整改前（左）、整改后（右）")));
                blocks.push(Block::Picture(pair));
            }
            for (names, words) in [(before, "整改前"), (after, "整改后")] {
                for name in names.iter().rev().skip(rest).rev() {
                    let caption = format!("{code} {words}");
                    match picture(name) {
                        Some(picture) => {
                            blocks.push(Block::Caption(caption));
                            blocks.push(Block::Picture(picture));
                        }
                        None => blocks.push(Block::Note(format!("{caption}：{name}（见附件）"))),
                    }
                }
            }
        }
    }

    /// A line with its names filled in.
    fn words(&self, line: &str, number: usize, item: Option<&LedgerRow>) -> Result<String, Error> {
        let mut words = String::new();
        let mut rest = line;
        while let Some((before, name)) = rest.split_once('{') {
            words.push_str(before);
            let Some((name, behind)) = name.split_once('}') else {
                words.push('{');
                rest = name;
                continue;
            };
            let unknown = || Error::UnknownName { line: number, name: name.to_owned() };
            words.push_str(&self.name(name, item).ok_or_else(unknown)?);
            rest = behind;
        }
        words.push_str(rest);
        Ok(words)
    }

    fn name(&self, name: &str, item: Option<&LedgerRow>) -> Option<String> {
        let request = self.request;
        let day = |at: jiff::civil::Date| at.strftime("%Y年%-m月%-d日").to_string();
        Some(match name {
            "文号" => request.number.to_owned(),
            "单位" if item.is_none() => {
                if request.unit.is_empty() {
                    "各有关单位".to_owned()
                } else {
                    request.unit.to_owned()
                }
            }
            "区域" => district(request.world).to_owned(),
            "日期" => day(request.now.date()),
            "时刻" => request.now.strftime("%Y年%-m月%-d日%-H时").to_string(),
            "件数" => request.items.len().to_string(),
            "反馈时限" => moment_words(request.answer_by),
            "落款" => format!("{}大气污染防治工作领导小组办公室", district(request.world)),
            "期间" => request
                .between
                .map_or_else(String::new, |(from, to)| format!("{}至{}", day(from), day(to))),
            "督办级别" if item.is_none() => {
                let cells = self.cells();
                cells.worst_stage(&request.items).map_or_else(String::new, |s| s.name.clone())
            }
            "逾期后果" => {
                let cells = self.cells();
                let worst = cells.worst_stage(&request.items);
                let after = worst.map_or(f64::NEG_INFINITY, |stage| stage.after_due_h);
                let next = request.ledger.stages.all().iter().find(|s| s.after_due_h > after);
                next.map_or_else(
                    || "报区领导研究处理".to_owned(),
                    |next| format!("{}，{}", next.name, next.action),
                )
            }
            head => {
                let row = item?;
                let source = CellOf::head(head);
                if matches!(&source, CellOf::Extra(name) if row.record.extra.as_ref().is_none_or(|e| !e.contains_key(name)))
                {
                    return None;
                }
                let same = |known: &&LedgerRow| known.id() == row.id();
                let place = request.items.iter().position(same).unwrap_or(0);
                let cell = self.cells().cell(&source, row, place + 1);
                if cell.is_empty() && matches!(source, CellOf::ThreeChecks) {
                    "未立案".to_owned()
                } else {
                    cell
                }
            }
        })
    }
}

/// Stands below the table of rates.
pub const NOTE: &str = "注：按期整改率＝到期前完成整改件数÷应按期件数；应按期不足5件的样本少，不作比较。\
                    误报、合并、作废的问题不计。";

/// The table of rates, as bulletins and the window show it.
pub fn rate_table(group: Group, rates: &[Rate]) -> PaperTable {
    // How many should have come in time stands with the share.
    let counted = Measure::ALL.into_iter();
    let counted: Vec<Measure> =
        counted.filter(|it| !matches!(it, Measure::Judged | Measure::OnTime)).collect();
    let mut header = vec![group.label().zh.to_owned()];
    header.extend(counted.iter().map(|measure| measure.label().zh.to_owned()));
    header.extend(["按期整改率".to_owned(), "平均用时(中位) h".to_owned(), "反弹率".to_owned()]);
    let counts = counted.iter().map(|_| 5);
    let mut table = PaperTable {
        widths: std::iter::once(11).chain(counts).chain([15, 8, 6]).collect(),
        header,
        ..PaperTable::default()
    };
    for (place, rate) in rates.iter().enumerate() {
        let mut row =
            vec![if rate.of.is_empty() { "（未填）".to_owned() } else { rate.of.clone() }];
        row.extend(counted.iter().map(|measure| rate.count(*measure).to_string()));
        row.push(share_words(rate));
        row.push(rate.median_h.map_or_else(String::new, |hours| format!("{hours:.1}")));
        row.push(rate.relapse_share.map_or_else(String::new, |it| format!("{:.0}%", it * 100.0)));
        if rate.is_few() {
            table.faint.push((place, row.len() - 3));
        }
        if rate.count(Measure::Overdue) > 0 {
            table.act.push((place, 6));
        }
        table.rows.push(row);
    }
    table
}

/// `83%（n=6）`, with a word where n is small.
pub fn share_words(rate: &Rate) -> String {
    let n = rate.count(Measure::Judged);
    match rate.on_time_share() {
        None => "—".to_owned(),
        Some(share) => {
            let few = if rate.is_few() { FEW_WORDS } else { "" };
            format!("{:.0}%（n={n}）{few}", share * 100.0)
        }
    }
}

/// What was done, step by step.
fn history(row: &LedgerRow) -> PaperTable {
    let steps = steps(&row.record).unwrap_or_default();
    let rows = steps.iter().map(|step| {
        let mut what = vec![step.text.clone(), step.number.clone()];
        if !step.reason.is_empty() {
            what.push(format!("原因：{}", step.reason));
        }
        what.extend(step.lacks().map(|lack| lack.label().zh.to_owned()));
        what.retain(|part| !part.is_empty());
        vec![
            step.step.label().zh.to_owned(),
            step.by.clone(),
            moment_words(step.at),
            what.join("；"),
        ]
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let act = steps.iter().enumerate().filter(|(_, step)| !step.lacks.is_empty());
    PaperTable {
        act: act.map(|(place, _)| (place, 3)).collect(),
        header: ["步骤", "办理人", "时间", "内容"].map(str::to_owned).to_vec(),
        widths: vec![3, 4, 5, 12],
        rows,
        ..PaperTable::default()
    }
}
