"""Holds a Training Center XML file against the order of elements that its schema asks for: tcx_order.py FILE

The schema is Garmin's TrainingCenterDatabasev2.xsd, with ActivityExtensionv2.xsd for what is measured in a point.
Their types are sequences: elements come in this order, those with a "?" not always, those with a "+" or "*" several
times. Types that these files have no use for are left out. Times have to be UTC and go forward.
"""

import re
import sys
import xml.etree.ElementTree as ET

TCD = "{http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2}"
AX = "{http://www.garmin.com/xmlschemas/ActivityExtension/v2}"

SEQUENCES = {
    TCD + "TrainingCenterDatabase": ["Folders?", "Activities?", "Workouts?", "Courses?", "Author?", "Extensions?"],
    TCD + "Activities": ["Activity*", "MultiSportSession*"],
    TCD + "Activity": ["Id", "Lap+", "Notes?", "Training?", "Creator?", "Extensions?"],
    TCD + "Lap": [
        "TotalTimeSeconds",
        "DistanceMeters",
        "MaximumSpeed?",
        "Calories",
        "AverageHeartRateBpm?",
        "MaximumHeartRateBpm?",
        "Intensity",
        "Cadence?",
        "TriggerMethod",
        "Track*",
        "Notes?",
        "Extensions?",
    ],
    TCD + "Track": ["Trackpoint+"],
    TCD + "Trackpoint": [
        "Time",
        "Position?",
        "AltitudeMeters?",
        "DistanceMeters?",
        "HeartRateBpm?",
        "Cadence?",
        "SensorState?",
        "Extensions?",
    ],
    TCD + "AverageHeartRateBpm": ["Value"],
    TCD + "MaximumHeartRateBpm": ["Value"],
    TCD + "HeartRateBpm": ["Value"],
    # Anything of another namespace.
    TCD + "Extensions": None,
    AX + "TPX": ["Speed?", "RunCadence?", "Watts?", "Extensions?"],
}


def number(low, high):
    return lambda text: low <= float(text) <= high


def whole(low, high):
    return lambda text: text.isdigit() and low <= int(text) <= high


def one_of(*texts):
    return lambda text: text in texts


UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z").fullmatch
VALUES = {
    TCD + "Id": UTC,
    TCD + "Time": UTC,
    TCD + "TotalTimeSeconds": number(0, 86_400),
    TCD + "DistanceMeters": number(0, 100_000),
    TCD + "MaximumSpeed": number(0, 20),
    TCD + "Calories": whole(0, 65_535),
    TCD + "Value": whole(1, 255),
    TCD + "Intensity": one_of("Active", "Resting"),
    TCD + "Cadence": whole(0, 254),
    TCD + "TriggerMethod": one_of("Manual", "Distance", "Location", "Time", "HeartRate"),
    TCD + "Notes": bool,
    AX + "Speed": number(0, 20),
}


def check(element, path):
    path = f"{path}/{element.tag.split('}')[-1]}"
    if element.tag in VALUES:
        assert not len(element), f"{path} has elements"
        assert VALUES[element.tag](element.text or ""), f"{path} is {element.text!r}"
        return
    assert element.tag in SEQUENCES, f"{path} is not in the schema"
    sequence = SEQUENCES[element.tag]
    if sequence is None:
        assert all(not child.tag.startswith(TCD) for child in element), f"{path} holds the schema's own elements"
    else:
        namespace = element.tag.split("}")[0] + "}"
        expression = "".join(f"(?:{name.rstrip('?*+')} ){name[-1] if name[-1] in '?*+' else ''}" for name in sequence)
        assert all(child.tag.startswith(namespace) for child in element), f"{path} holds another namespace's elements"
        found = "".join(child.tag[len(namespace):] + " " for child in element)
        assert re.fullmatch(expression, found), f"{path} has {found}"
    for child in element:
        check(child, path)


def main(file):
    root = ET.parse(file).getroot()
    assert root.tag == TCD + "TrainingCenterDatabase", root.tag
    check(root, "")
    activities = root.findall(f"./{TCD}Activities/{TCD}Activity")
    assert len(activities) == 1
    assert activities[0].get("Sport") in ("Running", "Biking", "Other"), activities[0].attrib
    laps = activities[0].findall(TCD + "Lap")
    times = []
    for lap in laps:
        assert UTC(lap.get("StartTime") or ""), lap.attrib
        times += [time.text for time in lap.iter(TCD + "Time")]
        distances = [float(distance.text) for distance in lap.iterfind(f".//{TCD}Trackpoint/{TCD}DistanceMeters")]
        assert distances == sorted(distances), "the distance goes back"
        assert distances[-1] == float(lap.find(TCD + "DistanceMeters").text)
    assert times[0] == laps[0].get("StartTime") == activities[0].find(TCD + "Id").text
    assert all(one < other for one, other in zip(times, times[1:])), "the times do not go forward"
    assert len(times) > 100, f"{len(times)} points"
    print(f"  {len(times)} points from {times[0]} to {times[-1]}")


main(sys.argv[1])
