"""Kontrollerar ett granskningspaket. Behöver bara Python 3.9 eller senare, och inget av programmet som gjorde paketet.

    python3 verify.py                     i mappen där paketet är uppackat
    python3 verify.py granskning.zip      paketet som det kom
    … --mot 17:ab12…                      håller dessutom loggen mot ett huvud som tryckts eller mejlats
    … --manifest ab12…                    håller dessutom paketet mot det som programmet skrev ut när det gjordes

Räknar om: filernas sha256, granskningsloggens kedja, det som loggen säger om returer, siffror och rapporter, och varje siffra
ner till cellen i returens byte. Utgångskod 0 när allt håller, 1 när något inte gör det.
"""
