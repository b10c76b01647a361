-- Readings: what instruments said of a place and a span of time. Rows are only ever added; which of
-- them count follows from the records of the layer `delivery` (see `store/readings`). What is there
-- already, whatever the file says of its format, stays.

-- Places of readings: records that are control points, sites or weather stations.
CREATE TABLE IF NOT EXISTS shapan_place (
    id     INTEGER PRIMARY KEY NOT NULL CHECK (id BETWEEN 1 AND 16383),
    record TEXT    NOT NULL UNIQUE             -- the id of the record
);

-- Deliveries: their number, and the rows between which theirs lie. What else is to be said of one
-- stands in its record.
CREATE TABLE IF NOT EXISTS shapan_delivery (
    id        INTEGER PRIMARY KEY NOT NULL,
    record    TEXT    NOT NULL UNIQUE,         -- the id of the record of layer `delivery`
    first_fid INTEGER NOT NULL,
    last_fid  INTEGER NOT NULL
);

-- One row a place, span of time and version. `fid` is all of these in one number, so that the table
-- needs no index: span (4 bits, `domain::reading::Span`), start (33 bits, seconds since
-- 1970-01-01T00:00Z), place (14 bits), version (12 bits, 0 for what came first).
CREATE TABLE IF NOT EXISTS shapan_reading (
    fid            INTEGER PRIMARY KEY NOT NULL,
    delivery       INTEGER NOT NULL,
    pm2_5          DOUBLE,                     -- µg/m³
    pm10           DOUBLE,                     -- µg/m³
    so2            DOUBLE,                     -- µg/m³
    no2            DOUBLE,                     -- µg/m³
    co             DOUBLE,                     -- mg/m³
    o3             DOUBLE,                     -- µg/m³
    wind_speed     DOUBLE,                     -- m/s
    wind_direction DOUBLE,                     -- ° clockwise from north, from where it comes
    temperature    DOUBLE,                     -- ℃
    humidity       DOUBLE,                     -- %
    pressure       DOUBLE,                     -- hPa
    precipitation  DOUBLE,                     -- mm
    tsp            DOUBLE,                     -- µg/m³
    noise          DOUBLE,                     -- dB(A)
    others         TEXT,                       -- {"a24088":0.7}: factors without a column
    flags          TEXT                        -- {"pm2_5":"D"}: marks as they came
);

-- No program changes or removes a reading.
CREATE TRIGGER IF NOT EXISTS shapan_reading_updated BEFORE UPDATE ON shapan_reading
  BEGIN SELECT RAISE(ABORT, 'readings are never changed'); END;
CREATE TRIGGER IF NOT EXISTS shapan_reading_deleted BEFORE DELETE ON shapan_reading
  BEGIN SELECT RAISE(ABORT, 'readings are never removed; withdraw the delivery'); END;

INSERT OR IGNORE INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
    ('shapan_reading', 'attributes', 'shapan_reading', '监测数据(全部版本) Readings, every version'),
    ('air_hour', 'attributes', 'air_hour', '小时值 Hourly values: one row a station and hour, UTC');
DELETE FROM gpkg_extensions WHERE table_name IN ('shapan_place', 'shapan_delivery');
INSERT INTO gpkg_extensions VALUES
    ('shapan_place', NULL, 'shapan_district', 'urn:shapan:district:1', 'read-write'),
    ('shapan_delivery', NULL, 'shapan_district', 'urn:shapan:district:1', 'read-write');
