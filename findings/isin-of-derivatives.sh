#!/usr/bin/env bash
# ISIN: two validators in wide use disagree about every over-the-counter derivative.
#
# Software: python-stdnum 2.2 (PyPI) and Apache Commons Validator 1.10.0 (Maven), Java 17.
# The guess: an ISIN is two letters, nine characters and a check digit (ISO 6166). python-stdnum knows more than
#   countries (XS, EU, XF, QS and others are in its list), so an ISIN that one of the two accepts, the other does.
# What happens: both agree on the check digit of every number below. python-stdnum refuses the prefix EZ, which the
#   numbering agencies give to all OTC derivatives (anna-web.org, "ISIN (ISO 6166)"), and XT, which they give to crypto
#   assets (dtif.org, "ISIN-DTI Complementary Standards"). It raises InvalidComponent, as for a mistyped country.
#   Commons Validator accepts both.
# Why it matters: OTC derivatives are reported under MiFIR by their EZ number. A Python service that checks reference
#   data in front of a Java gateway drops whole asset classes, one record at a time, as "bad input", while the tests,
#   which use shares and bonds, pass. Check the digit with the library and the prefix with the agencies' own list.
#
# Output seen:
#   US0378331005: python-stdnum valid, Commons Validator valid
#   XS0000000A18: python-stdnum valid, Commons Validator valid
#   QS0000000A12: python-stdnum valid, Commons Validator valid
#   EZ0000000A13: python-stdnum InvalidComponent, Commons Validator valid
#   XT0000000A16: python-stdnum InvalidComponent, Commons Validator valid
#   US0378331004: python-stdnum InvalidChecksum, Commons Validator refused
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
python3 -m venv python && python/bin/pip install -q --disable-pip-version-check python-stdnum==2.2
cat > pom.xml <<'XML'
<project>
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>commons-validator</groupId><artifactId>commons-validator</artifactId><version>1.10.0</version>
    </dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log >&2; exit 1; }
cat > finding.py <<'PYTHON'
import sys
from stdnum import exceptions, isin
for number in sys.argv[1:]:
    try:
        isin.validate(number)
        print("valid")
    except exceptions.ValidationError as error:
        print(type(error).__name__)
PYTHON
cat > Finding.java <<'JAVA'
import org.apache.commons.validator.routines.ISINValidator;

class Finding {
  public static void main(String[] numbers) {
    ISINValidator validator = ISINValidator.getInstance(true); // true: the prefix is checked too
    for (String number : numbers) System.out.println(validator.isValid(number) ? "valid" : "refused");
  }
}
JAVA
# The last one has a wrong check digit: both validators do check it.
numbers=(US0378331005 XS0000000A18 QS0000000A12 EZ0000000A13 XT0000000A16 US0378331004)
python/bin/python finding.py "${numbers[@]}" > from-python
java -cp "lib/*" Finding.java "${numbers[@]}" > from-java
paste -d' ' <(printf '%s\n' "${numbers[@]}") from-python from-java |
  while read -r number first second; do
    echo "$number: python-stdnum $first, Commons Validator $second"
  done | tee seen
[ "$(grep -cE '^(EZ|XT).*python-stdnum InvalidComponent, Commons Validator valid$' seen)" = 2 ] &&
  [ "$(grep -c 'stdnum valid, Commons Validator valid$' seen)" = 3 ] &&
  grep -q '^US0378331004.*InvalidChecksum, Commons Validator refused$' seen ||
  { echo "changed: the two validators no longer differ in EZ and XT alone" >&2; exit 1; }
