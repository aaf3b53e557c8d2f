#!/usr/bin/env bash
# QuickFIX/J: a small price set as a double loses significant digits on the wire, or becomes 0.
#
# Software: QuickFIX/J 3.0.0 (Maven, org.quickfixj:quickfixj-core), Java 17.
# The guess: FIX says of its type float (so of Price and Qty): "All float fields must accommodate up to fifteen
#   significant digits", and the number of decimal places is a matter between the parties. A double holds fifteen
#   significant digits at any scale, so a price with nine of them arrives as it was set.
# What happens: the double is written with at most fourteen digits after the point, whatever its scale. From about
#   one down, every power of ten takes one significant digit: at 1E-9 six are left, at 5E-15 and below the field
#   says 0. The message is valid, its checksum is right, and nothing is logged. The same value as BigDecimal is whole.
#   With ordinary prices (101.25) the two setters write the same bytes, so no test on equities shows the difference.
# Why it matters: tokens trade at 1E-9 and below, and quantities have eighteen decimals. The engine holds one price,
#   the drop copy says another; a reconciliation by text breaks, and one by value is wrong by the whole position.
#   Use setDecimal (or the BigDecimal constructors) for every price and quantity.
#
# Output seen:
#   101.25: double 101.25, BigDecimal 101.25
#   1.23456789E-9: double 0.00000000123457, BigDecimal 0.00000000123456789
#   4.9E-15: double 0, BigDecimal 0.0000000000000049
#   read back from the wire, a billion billion tokens at 1.23456789E-9 cost 2110 more than was agreed
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT; cd "$folder"
cat > pom.xml <<'XML'
<project>
  <modelVersion>4.0.0</modelVersion><groupId>finding</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.quickfixj</groupId><artifactId>quickfixj-core</artifactId><version>3.0.0</version>
    </dependency>
  </dependencies>
</project>
XML
mvn -q -B dependency:copy-dependencies -DoutputDirectory=lib > maven.log 2>&1 || { cat maven.log >&2; exit 1; }
cat > Finding.java <<'JAVA'
import java.math.BigDecimal;
import quickfix.Message;

class Finding {
  static final int PRICE = 44;

  static String written(BigDecimal price, boolean asDouble) throws Exception {
    Message order = new Message();
    order.getHeader().setString(8, "FIX.4.4");
    order.getHeader().setString(35, "D");
    if (asDouble) order.setDouble(PRICE, price.doubleValue());
    else order.setDecimal(PRICE, price);
    Message received = new Message(order.toString());
    return received.getString(PRICE);
  }

  public static void main(String[] arguments) throws Exception {
    for (String text : new String[] {"101.25", "1.23456789E-9", "4.9E-15"}) {
      BigDecimal price = new BigDecimal(text);
      System.out.printf("%s: double %s, BigDecimal %s%n", text, written(price, true), written(price, false));
    }
    BigDecimal agreed = new BigDecimal("1.23456789E-9");
    BigDecimal difference = new BigDecimal(written(agreed, true)).subtract(agreed).multiply(new BigDecimal("1E18"));
    System.out.printf("read back from the wire, a billion billion tokens at %s cost %s more than was agreed%n",
        agreed, difference.toBigInteger());
  }
}
JAVA
java -cp "lib/*" Finding.java 2> java.log > seen || { cat java.log >&2; exit 1; }
cat seen
grep -qxF "101.25: double 101.25, BigDecimal 101.25" seen &&
  grep -qxF "1.23456789E-9: double 0.00000000123457, BigDecimal 0.00000000123456789" seen &&
  grep -qxF "4.9E-15: double 0, BigDecimal 0.0000000000000049" seen ||
  { echo "changed: a double no longer stops at fourteen decimals" >&2; exit 1; }
