// All words of the page, in English and Korean.

const MESSAGES = {
  en: {
    title: 'Lifelog', tagline: 'Clinician portal', language: '한국어', languageLabel: '한국어로 보기',
    logout: 'Log out', skip: 'Skip to content',
    loginTitle: 'Log in', username: 'Username', password: 'Password', loginButton: 'Log in', loginBusy: 'Logging in…',
    loginIntro: 'See the readings of your center’s subjects.',
    sessionEnded: 'Your session has ended. Please log in again.',
    'error.unauthenticated': 'The username or the password is wrong.',
    'error.too-many-attempts': 'Too many failed logins. Try again in {minutes} min.',
    'error.unavailable': 'The service cannot reach its data right now.',
    'error.network': 'The portal does not answer. Check the connection.',
    'error.not-found': 'This subject is not known in your center.',
    'error.malformed': 'This cannot be shown: {detail}',
    'error.internal': 'The portal failed to answer. Please tell its operator.',
    'error.other': 'This did not work ({code}).',
    retry: 'Try again',
    worklist: 'Subjects', sites: 'Sites', search: 'Search code', searchButton: 'Search', clear: 'Clear',
    subject: 'Subject', lastReading: 'Last reading', metrics: 'Metrics', timeInRange: 'Time in range', active: 'Active',
    fourteenDays: 'last 14 days', range: '{from}–{to} of {total}', previous: 'Previous', next: 'Next', pageOf: 'Page {page} of {pages}',
    noSubjects: 'No subjects yet', noSubjectsHint: 'Subjects appear here as soon as their first reading has been stored.',
    noMatch: 'No subject matches “{q}”', noMatchHint: 'Search looks for a part of the subject’s code.',
    silent: 'silent for over a day', never: 'never', loading: 'Loading…', more: '+{n} more',
    back: 'All subjects', device: 'Device', firstReading: 'First reading', noDevice: 'unknown',
    clockWarning: 'Readings with an impossible time ({reason}) set aside in the last 90 days: {n}. Check the device’s clock.',
    'reason.future-time': 'in the future', 'reason.ancient-time': 'long past',
    enough: 'Enough data for a reliable report', notEnough: 'Not enough data for a reliable report',
    enoughText: '{days} days of readings, {active} of the time active.',
    tooShort: 'The readings span {days} days; 14 are needed.',
    tooSparse: 'The sensor was active for {active} of the time; 70 % are needed.',
    spot: 'Single meter readings do not show the time between them; a report needs a continuous monitor.',
    noReadings: 'No readings in this period',
    report: 'Report', reportPeriod: '{from} – {to}', readings: '{n} readings',
    mean: 'Mean glucose', gmi: 'GMI', cv: 'Variability (CV)', inRange: 'In range', median: 'Median', sd: 'SD',
    gmiHint: 'estimated HbA1c', cvGoal: 'goal ≤ 36 %', activeGoal: 'needed ≥ 70 %', inRangeGoal: 'goal > 70 %', meanHint: 'median {median}, SD {sd}',
    veryLow: 'Very low', low: 'Low', target: 'In range', high: 'High', veryHigh: 'Very high',
    trend: 'Trend', days1: '1 day', days3: '3 days', days14: '14 days', all: 'All', earlier: 'Earlier', later: 'Later', resetZoom: 'Reset zoom',
    chartLabel: 'Trend of {metric}, {from} to {to}. Arrow keys move, plus and minus zoom, 0 resets.',
    chartHint: 'Drag to zoom, double-click to reset.',
    daily: 'Time in range by day', dayLabel: '{date}: {n} readings, {inRange} in range, {low} below, {high} above',
    legendRaw: 'reading', legendMean: 'mean of {window}', legendSum: 'sum of {window}', legendBand: 'lowest to highest', legendUsual: 'usual range {min}–{max}', legendTarget: 'target {min}–{max}',
    legendLow: 'LOW: at or below the sensor’s limit', legendHigh: 'HIGH: at or above the sensor’s limit', legendUnusual: 'outside the usual range',
    '1m': '1 minute', '1h': '1 hour', '1d': '1 day',
    'flag.outside-usual-range': 'outside the usual range', 'flag.below-range': 'LOW (sensor’s limit)', 'flag.above-range': 'HIGH (sensor’s limit)', 'flag.late': 'arrived late', 'flag.derived': 'made of other readings', 'flag.corrected': 'corrected',
    truncated: 'Only the newest 2,000 days are shown.', toLast: 'Go to the last readings', seriesLabel: 'Series', allSeries: 'All', unit: 'Unit', noMetrics: 'No readings are stored for this subject yet.',
    // Worklist: risk.
    risk: 'Risk', riskDays: 'today and 13 days before', riskUrgent: 'Act:', riskNotice: 'Look:', toLastReading: '14 days to last reading',
    asOf: 'Order and flags as of {time}.',
    'risk.below54': '< 54 mg/dL: {value}', 'risk.below54.why': 'Time below 54 mg/dL; the consensus of 2019 asks for less than 1 %',
    'risk.below70': '< 70 mg/dL: {value}', 'risk.below70.why': 'Time below 70 mg/dL; the consensus of 2019 asks for less than 4 %',
    'risk.meterBelow54': 'Meter < 54 mg/dL: {value}×', 'risk.meterBelow54.why': 'Single meter readings below 54 mg/dL',
    'risk.rangeDrop': 'In range −{points} points', 'risk.rangeDrop.why': 'Time in range has gone down by 10 points or more against the 14 days before',
    'risk.systolicHigh': 'Systolic {value} mmHg', 'risk.systolicHigh.why': 'Mean systolic pressure of 135 mmHg or more (ESH 2023, at home)',
    'risk.diastolicHigh': 'Diastolic {value} mmHg', 'risk.diastolicHigh.why': 'Mean diastolic pressure of 85 mmHg or more (ESH 2023, at home)',
    'risk.systolicCrisis': 'Systolic up to {value} mmHg', 'risk.systolicCrisis.why': 'A systolic pressure above 180 mmHg (ACC/AHA 2017)',
    'risk.diastolicCrisis': 'Diastolic up to {value} mmHg', 'risk.diastolicCrisis.why': 'A diastolic pressure above 120 mmHg (ACC/AHA 2017)',
    'risk.saturationLow': 'Saturation {value}', 'risk.saturationLow.why': 'Mean oxygen saturation of a day of 91 % or less (NEWS2)',
    'risk.dustHigh': 'PM2.5 {value} µg/m³', 'risk.dustHigh.why': 'Mean of a day above 35 µg/m³, the standard of the Republic of Korea',
    // Data quality.
    qualityTitle: 'Data quality', qualityNone: 'Nothing to distrust: none of the {n} readings of this time has a flag, and none was refused.',
    'quality.group.clock': 'readings have a doubtful time, because the clock of a device was wrong. Do not rely on their time of day.',
    'quality.group.censored': 'readings are at the limit of the device. The true value is lower (LOW) or higher (HIGH) than shown.',
    'quality.group.duplicates': 'readings may tell one measurement twice, or contradict one that was kept. Counts and means may be off a little.',
    'quality.group.doubtful': 'readings have a doubtful value: it changes too fast, or not at all, or is one that the device cannot show. Check the sensor.',
    'quality.group.late': 'readings came more than 35 days late. Reports that were printed before lack them.',
    'quality.group.quarantined': 'readings were not believed. They are in no figure and no trend.',
    'quality.group.corrected': 'readings were corrected by the sender. The new value counts.',
    qualityByReason: 'By reason and device', qualityNewest: 'The newest {n}', qualityWhat: 'What', qualityCount: 'Number', qualityInFigures: 'In figures',
    qualityStored: 'counts in figures', qualityApart: 'left out', qualityLast: 'Newest', qualityTime: 'Time', qualityValue: 'Value', qualityReceived: 'Arrived', metric: 'Metric',
    'quality.below-range': 'LOW: at the lower limit', 'quality.above-range': 'HIGH: at the upper limit', 'quality.late': 'came late', 'quality.clock-suspect': 'clock was put back or ahead',
    'quality.time-fault-reported': 'device reported a clock fault', 'quality.probable-duplicate': 'probably a duplicate', 'quality.rate-of-change': 'changes too fast',
    'quality.frozen': 'value stands still', 'quality.off-grid': 'between the steps of the device', 'quality.corrected': 'corrected', 'quality.impossible-value': 'impossible value',
    'quality.future-time': 'time in the future', 'quality.ancient-time': 'time long past', 'quality.interval-reversed': 'ends before it starts', 'quality.conflicting-duplicate': 'same reading with another value',
    'quality.unknown-device': 'unknown device', 'quality.unassigned-device': 'device not assigned', 'quality.control-solution': 'control solution', 'quality.overlapping-interval': 'overlaps another interval',
    'quality.pair-reversed': 'contradicts its pair', 'quality.superseded': 'superseded', 'quality.nothing-to-withdraw': 'withdrawal of an unknown reading', 'quality.refused-by-storage': 'could not be stored',
    'quality.unknown-metric': 'unknown metric', 'quality.unknown-center': 'unknown center', 'quality.unit-not-allowed': 'unit not allowed', 'quality.undecodable': 'cannot be read',
    print: 'Print report', printTitle: 'Report', center: 'Center', period: 'Period', clock: 'Clock', printed: 'Printed', printReadings: 'Readings',
    printFooter: 'Glucose in {unit}. Time in range and goals by the International Consensus of 2019 for adults; GMI = 3.31 + 0.02392 × mean in mg/dL. A goal may differ for a person.',
    anyway: 'Show the figures all the same', anywayWarning: 'These figures stand on too few data. They can mislead.',
    spotTitle: 'Meter readings only', readingsInRange: 'Readings in range', ofReadings: 'of readings, not of time', perDay: 'Readings a day',
    before: 'before: {value}', comparedWith: 'Compared with the time before, {from} – {to}.', notCompared: 'Not compared with the time before, {from} – {to}: one of the two has too few data.',
    goalLeast: 'goal > {goal} %', goalMost: 'all {what}: {value}, goal < {goal} %', met: 'met', missed: 'not met',
    agp: 'Glucose by time of day (AGP)', legendMedian: 'median', legendInner: 'half of the readings', legendOuter: 'nine of ten readings',
    agpSummary: 'Glucose by time of day. The median is highest at {highestAt} with {highest} {unit} and lowest at {lowestAt} with {lowest} {unit}.',
    agpTip: 'here: median {median}, half within {low}–{high}', agpHint: 'Point at a reading to see its day; click to open it.', profileTable: 'As a table', timeOfDay: 'Time of day',
    lastDays: 'The last 14 days', daysHint: 'Choose a day to open it.', noReadingsShort: 'no readings', inRangeShort: 'in range',
    day: 'Day', closeDay: 'Close day', dayHint: 'Point at the day to read all its values at one time.', glucose: 'Glucose', heartRate: 'Heart rate', steps: 'Steps', stepsQuarter: 'Steps in 15 min', sleep: 'Sleep',
    meterReadings: 'Meter readings', dayGlucose: '{n} readings, mean {mean}, {inRange} in range', hoursMinutes: '{hours} h {minutes} min',
    'stage.awake': 'awake', 'stage.rem': 'REM', 'stage.light': 'light', 'stage.deep': 'deep', 'stage.asleep': 'asleep',
    modalDay: 'Readings by time of day, in three hours each', byMeal: 'By meal', mealTag: 'Meal', lowestHighest: 'Lowest–highest',
    'meal.fasting': 'fasting', 'meal.before': 'before meal', 'meal.after': 'after meal', 'meal.bedtime': 'bedtime', 'meal.none': 'no tag',
  },
  ko: {
    title: '라이프로그', tagline: '임상의 포털', language: 'English', languageLabel: 'View in English',
    logout: '로그아웃', skip: '본문으로 건너뛰기',
    loginTitle: '로그인', username: '사용자 이름', password: '비밀번호', loginButton: '로그인', loginBusy: '로그인 중…',
    loginIntro: '소속 센터 대상자의 측정 기록을 봅니다.',
    sessionEnded: '세션이 끝났습니다. 다시 로그인해 주세요.',
    'error.unauthenticated': '사용자 이름 또는 비밀번호가 맞지 않습니다.',
    'error.too-many-attempts': '로그인 실패가 너무 많습니다. {minutes}분 뒤에 다시 시도해 주세요.',
    'error.unavailable': '지금 데이터에 연결할 수 없습니다.',
    'error.network': '포털이 응답하지 않습니다. 연결을 확인해 주세요.',
    'error.not-found': '소속 센터에 없는 대상자입니다.',
    'error.malformed': '표시할 수 없습니다: {detail}',
    'error.internal': '포털이 응답하지 못했습니다. 운영자에게 알려 주세요.',
    'error.other': '처리하지 못했습니다 ({code}).',
    retry: '다시 시도',
    worklist: '대상자', sites: '측정 장소', search: '코드 검색', searchButton: '검색', clear: '지우기',
    subject: '대상자', lastReading: '마지막 측정', metrics: '항목', timeInRange: '목표 범위 시간', active: '착용률',
    fourteenDays: '최근 14일', range: '{total}명 중 {from}–{to}', previous: '이전', next: '다음', pageOf: '{page} / {pages}쪽',
    noSubjects: '아직 대상자가 없습니다', noSubjectsHint: '첫 측정값이 저장되면 여기에 나타납니다.',
    noMatch: '“{q}”에 맞는 대상자가 없습니다', noMatchHint: '대상자 코드의 일부로 검색합니다.',
    silent: '하루 넘게 측정 없음', never: '없음', loading: '불러오는 중…', more: '외 {n}개',
    back: '대상자 목록', device: '기기', firstReading: '첫 측정', noDevice: '알 수 없음',
    clockWarning: '최근 90일 동안 시각을 믿을 수 없어({reason}) 따로 둔 측정값: {n}개. 기기의 시계를 확인해 주세요.',
    'reason.future-time': '미래 시각', 'reason.ancient-time': '너무 오래된 시각',
    enough: '신뢰할 수 있는 보고에 충분한 데이터입니다', notEnough: '신뢰할 수 있는 보고에는 데이터가 부족합니다',
    enoughText: '{days}일 동안의 측정, 착용률 {active}.',
    tooShort: '측정 기간이 {days}일입니다. 14일이 필요합니다.',
    tooSparse: '착용률이 {active}입니다. 70 %가 필요합니다.',
    spot: '자가혈당 측정은 측정 사이의 시간을 보여 주지 않습니다. 보고에는 연속혈당측정기가 필요합니다.',
    noReadings: '이 기간에는 측정값이 없습니다',
    report: '보고', reportPeriod: '{from} – {to}', readings: '측정 {n}회',
    mean: '평균 혈당', gmi: 'GMI', cv: '변동계수 (CV)', inRange: '목표 범위', median: '중앙값', sd: '표준편차',
    gmiHint: '추정 당화혈색소', cvGoal: '목표 36 % 이하', activeGoal: '필요 70 % 이상', inRangeGoal: '목표 70 % 초과', meanHint: '중앙값 {median}, 표준편차 {sd}',
    veryLow: '매우 낮음', low: '낮음', target: '목표 범위', high: '높음', veryHigh: '매우 높음',
    trend: '추이', days1: '1일', days3: '3일', days14: '14일', all: '전체', earlier: '이전', later: '이후', resetZoom: '확대 취소',
    chartLabel: '{metric} 추이, {from}부터 {to}까지. 화살표 키로 이동, 더하기와 빼기로 확대·축소, 0으로 처음 상태.',
    chartHint: '끌어서 확대, 두 번 눌러 처음 상태로.',
    daily: '날짜별 목표 범위 시간', dayLabel: '{date}: 측정 {n}회, 목표 범위 {inRange}, 미만 {low}, 초과 {high}',
    legendRaw: '측정값', legendMean: '{window} 평균', legendSum: '{window} 합계', legendBand: '최저–최고', legendUsual: '통상 범위 {min}–{max}', legendTarget: '목표 {min}–{max}',
    legendLow: 'LOW: 센서 하한 이하', legendHigh: 'HIGH: 센서 상한 이상', legendUnusual: '통상 범위 밖',
    '1m': '1분', '1h': '1시간', '1d': '1일',
    'flag.outside-usual-range': '통상 범위 밖', 'flag.below-range': 'LOW (센서 한계)', 'flag.above-range': 'HIGH (센서 한계)', 'flag.late': '늦게 도착', 'flag.derived': '다른 측정값에서 산출', 'flag.corrected': '정정됨',
    truncated: '최근 2,000일만 표시합니다.', toLast: '마지막 측정으로', seriesLabel: '계열', allSeries: '모두', unit: '단위', noMetrics: '이 대상자의 측정값이 아직 없습니다.',
    // 대상자 목록: 위험.
    risk: '위험', riskDays: '오늘과 이전 13일', riskUrgent: '조치:', riskNotice: '확인:', toLastReading: '마지막 측정까지 14일',
    asOf: '순서와 표시는 {time} 기준입니다.',
    'risk.below54': '54 mg/dL 미만 {value}', 'risk.below54.why': '54 mg/dL 미만 시간, 2019년 합의 기준 1 % 미만',
    'risk.below70': '70 mg/dL 미만 {value}', 'risk.below70.why': '70 mg/dL 미만 시간, 2019년 합의 기준 4 % 미만',
    'risk.meterBelow54': '자가측정 54 mg/dL 미만 {value}회', 'risk.meterBelow54.why': '54 mg/dL 미만의 자가혈당 측정',
    'risk.rangeDrop': '목표 범위 −{points}%p', 'risk.rangeDrop.why': '목표 범위 시간이 이전 14일보다 10%p 이상 줄었습니다',
    'risk.systolicHigh': '수축기 {value} mmHg', 'risk.systolicHigh.why': '평균 수축기혈압 135 mmHg 이상 (ESH 2023, 가정혈압)',
    'risk.diastolicHigh': '이완기 {value} mmHg', 'risk.diastolicHigh.why': '평균 이완기혈압 85 mmHg 이상 (ESH 2023, 가정혈압)',
    'risk.systolicCrisis': '수축기 최고 {value} mmHg', 'risk.systolicCrisis.why': '180 mmHg를 넘은 수축기혈압 (ACC/AHA 2017)',
    'risk.diastolicCrisis': '이완기 최고 {value} mmHg', 'risk.diastolicCrisis.why': '120 mmHg를 넘은 이완기혈압 (ACC/AHA 2017)',
    'risk.saturationLow': '산소포화도 {value}', 'risk.saturationLow.why': '하루 평균 산소포화도 91 % 이하 (NEWS2)',
    'risk.dustHigh': '초미세먼지 {value} µg/m³', 'risk.dustHigh.why': '하루 평균 35 µg/m³ 초과 (환경기준)',
    // 데이터 품질.
    qualityTitle: '데이터 품질', qualityNone: '의심할 것이 없습니다. 이 기간의 측정 {n}회 모두 표시가 없고 거부된 것도 없습니다.',
    'quality.group.clock': '회의 측정은 기기 시계가 틀려 시각이 의심됩니다. 하루 중 시간대를 믿지 마십시오.',
    'quality.group.censored': '회의 측정은 기기의 한계값입니다. 실제 값은 표시보다 낮거나(LOW) 높습니다(HIGH).',
    'quality.group.duplicates': '회의 측정은 같은 측정의 중복이거나 보관된 값과 어긋납니다. 횟수와 평균이 조금 다를 수 있습니다.',
    'quality.group.doubtful': '회의 측정은 값이 의심됩니다. 너무 빨리 변하거나, 변하지 않거나, 기기가 낼 수 없는 값입니다. 센서를 확인하십시오.',
    'quality.group.late': '회의 측정은 35일 넘게 늦게 도착했습니다. 그전에 출력한 보고에는 없습니다.',
    'quality.group.quarantined': '회의 측정은 믿을 수 없어 따로 두었습니다. 어떤 수치와 추이에도 들어 있지 않습니다.',
    'quality.group.corrected': '회의 측정은 보낸 곳에서 정정했습니다. 새 값을 씁니다.',
    qualityByReason: '사유와 기기별', qualityNewest: '최근 {n}개', qualityWhat: '내용', qualityCount: '횟수', qualityInFigures: '수치 포함',
    qualityStored: '수치에 포함', qualityApart: '제외', qualityLast: '가장 최근', qualityTime: '시각', qualityValue: '값', qualityReceived: '도착', metric: '항목',
    'quality.below-range': 'LOW: 하한', 'quality.above-range': 'HIGH: 상한', 'quality.late': '늦게 도착', 'quality.clock-suspect': '시계가 되돌려지거나 앞섬',
    'quality.time-fault-reported': '기기가 시계 오류를 알림', 'quality.probable-duplicate': '중복으로 보임', 'quality.rate-of-change': '너무 빠른 변화',
    'quality.frozen': '값이 멈춤', 'quality.off-grid': '기기 눈금 사이의 값', 'quality.corrected': '정정됨', 'quality.impossible-value': '불가능한 값',
    'quality.future-time': '미래 시각', 'quality.ancient-time': '너무 오래된 시각', 'quality.interval-reversed': '끝이 시작보다 앞섬', 'quality.conflicting-duplicate': '같은 측정의 다른 값',
    'quality.unknown-device': '알 수 없는 기기', 'quality.unassigned-device': '배정되지 않은 기기', 'quality.control-solution': '대조액', 'quality.overlapping-interval': '다른 구간과 겹침',
    'quality.pair-reversed': '짝 값과 모순', 'quality.superseded': '정정·철회가 먼저 도착', 'quality.nothing-to-withdraw': '없는 측정의 철회', 'quality.refused-by-storage': '저장하지 못함',
    'quality.unknown-metric': '알 수 없는 항목', 'quality.unknown-center': '알 수 없는 센터', 'quality.unit-not-allowed': '허용되지 않는 단위', 'quality.undecodable': '읽을 수 없음',
    print: '보고서 인쇄', printTitle: '보고서', center: '센터', period: '기간', clock: '시간대', printed: '인쇄', printReadings: '측정 횟수',
    printFooter: '혈당 단위 {unit}. 목표 범위 시간과 목표는 2019년 국제 합의(성인) 기준; GMI = 3.31 + 0.02392 × 평균(mg/dL). 개인별 목표는 다를 수 있습니다.',
    anyway: '그래도 수치 보기', anywayWarning: '데이터가 너무 적어 이 수치는 오해를 부를 수 있습니다.',
    spotTitle: '자가혈당 측정만 있음', readingsInRange: '범위 안 측정', ofReadings: '시간이 아닌 측정 횟수의 비율', perDay: '하루 측정 횟수',
    before: '이전: {value}', comparedWith: '이전 기간 {from} – {to}과(와) 비교.', notCompared: '이전 기간 {from} – {to}과(와) 비교하지 않음: 한쪽의 데이터가 부족합니다.',
    goalLeast: '목표 {goal} % 초과', goalMost: '{what} 전체: {value}, 목표 {goal} % 미만', met: '달성', missed: '미달성',
    agp: '시간대별 혈당 (AGP)', legendMedian: '중앙값', legendInner: '측정값의 절반', legendOuter: '측정값 열 중 아홉',
    agpSummary: '시간대별 혈당. 중앙값은 {highestAt}에 {highest} {unit}(으)로 가장 높고 {lowestAt}에 {lowest} {unit}(으)로 가장 낮습니다.',
    agpTip: '이 시간대: 중앙값 {median}, 절반은 {low}–{high}', agpHint: '측정값을 가리키면 그날이 보이고, 누르면 열립니다.', profileTable: '표로 보기', timeOfDay: '시간대',
    lastDays: '최근 14일', daysHint: '날짜를 고르면 열립니다.', noReadingsShort: '측정 없음', inRangeShort: '목표 범위',
    day: '날짜', closeDay: '닫기', dayHint: '그래프를 가리키면 같은 시각의 모든 값이 보입니다.', glucose: '혈당', heartRate: '심박수', steps: '걸음수', stepsQuarter: '15분 걸음수', sleep: '수면',
    meterReadings: '자가혈당', dayGlucose: '측정 {n}회, 평균 {mean}, 목표 범위 {inRange}', hoursMinutes: '{hours}시간 {minutes}분',
    'stage.awake': '깸', 'stage.rem': '렘', 'stage.light': '얕은 잠', 'stage.deep': '깊은 잠', 'stage.asleep': '잠',
    modalDay: '시간대별 측정값 (3시간 단위)', byMeal: '식사별', mealTag: '식사', lowestHighest: '최저–최고',
    'meal.fasting': '공복', 'meal.before': '식전', 'meal.after': '식후', 'meal.bedtime': '취침 전', 'meal.none': '표시 없음',
  },
};

const KEY = 'lifelog-language';
let language = localStorage.getItem(KEY) ?? (navigator.language.startsWith('ko') ? 'ko' : 'en');

export const currentLanguage = () => language;
export const otherLanguage = () => (language === 'ko' ? 'en' : 'ko');

export function setLanguage(code) {
  language = code;
  localStorage.setItem(KEY, code);
  document.documentElement.lang = code;
}

/** The text of a key, with {name}s filled in. */
export function t(key, values = {}) {
  const text = MESSAGES[language][key] ?? MESSAGES.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export const has = (key) => key in MESSAGES.en;

/** A name that the server gives in both languages. */
export const named = (thing) => (language === 'ko' ? thing.nameKo : thing.name);

export const number = (value, digits = 0) =>
  new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

export const percent = (value, digits = 1) => `${number(value, digits)} %`;

export function errorText(failure) {
  const key = `error.${failure.code}`;
  const values = {
    code: failure.code ?? failure.name,
    detail: failure.detail,
    minutes: number(Math.ceil((failure.retryAfter ?? 60) / 60)),
  };
  return t(has(key) ? key : 'error.other', values);
}
