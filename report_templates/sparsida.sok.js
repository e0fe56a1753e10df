// Search in the list of figures (window.sparlista: file, id, name, value, nämnder). Every word must be found; no server is asked.
(function () {
  "use strict";
  var MOST = 50;
  var field = document.getElementById("sok");
  var list = document.getElementById("traffar");
  var count = document.getElementById("antal");
  var plain = function (text) {
    return text.toLowerCase().replace(/[\u00a0\u202f]/g, " ").replace(/\u2212/g, "-");
  };
  var rows = window.sparlista.map(function (row) {
    return { row: row, text: plain(row.slice(1).join(" ")) };
  });

  function show() {
    var words = plain(field.value).split(" ").filter(Boolean);
    list.textContent = "";
    if (!words.length) {
      count.textContent = "";
      return;
    }
    var found = rows.filter(function (item) {
      return words.every(function (word) { return item.text.indexOf(word) >= 0; });
    });
    found.slice(0, MOST).forEach(function (item) {
      var entry = document.createElement("li");
      var link = document.createElement("a");
      link.href = item.row[0];
      link.textContent = item.row[2];
      entry.appendChild(link);
      entry.appendChild(document.createTextNode(": " + item.row[3]));
      list.appendChild(entry);
    });
    count.textContent = found.length === 0 ? "Inga träffar." : found.length + (found.length === 1 ? " träff" : " träffar") +
      (found.length > MOST ? ", de " + MOST + " första visas." : ".");
  }

  field.addEventListener("input", show);
  var asked = decodeURIComponent(window.location.hash.slice(1));
  if (asked) {
    field.value = asked;
    show();
  }
})();
