// Check in oneself: show the code at once for a ticket, then send a name with it. Plain enough for old browsers.
(function () {
  var code = location.hash.slice(1);
  var kept = "lingyan-ticket-" + code;
  var opened = null;
  var isWalkIn = false;
  var position = {};
  var picture = "";
  var PLENTY = 200000; // bytes; a larger photo is made smaller, a smaller one goes as it is
  var SIDE = 800;
  var form = document.getElementById("form");

  function show(id) {
    ["opening", "asking", "done", "refused"].forEach(function (name) {
      document.getElementById(name).hidden = name !== id;
    });
  }
  function fill(values) {
    Object.keys(values).forEach(function (name) {
      document.querySelectorAll('[data-fill="' + name + '"]').forEach(function (place) {
        place.textContent = values[name];
      });
    });
  }
  function only(conditions) {
    Object.keys(conditions).forEach(function (name) {
      document.querySelectorAll('[data-if="' + name + '"]').forEach(function (place) {
        place.hidden = !conditions[name];
      });
    });
  }
  function say(place, problem) {
    place.textContent = "";
    ["zh", "en"].forEach(function (language) {
      var words = document.createElement("span");
      words.className = language;
      words.textContent = problem["message_" + language] + (language === "zh" ? "。" : ". ") + problem["fix_" + language];
      place.append(words);
    });
  }
  var OFFLINE = {
    message_zh: "网络未连接",
    message_en: "There is no network",
    fix_zh: "请连接网络后点“重试”，或请组织者代为签到。",
    fix_en: "Connect and try again, or let the organiser check you in.",
  };
  function send(path, body) {
    return fetch("/api/v1/check-in" + path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      credentials: "same-origin",
      body: JSON.stringify(body),
    }).then(
      function (answer) {
        return answer.json().then(
          function (found) {
            return answer.ok ? { data: found } : { problem: found.problem || OFFLINE };
          },
          function () {
            return { problem: OFFLINE };
          },
        );
      },
      function () {
        return { problem: OFFLINE };
      },
    );
  }
  function moment(text) {
    var at = new Date(text);
    var two = function (n) {
      return (n < 10 ? "0" : "") + n;
    };
    return at.getMonth() + 1 + "-" + at.getDate() + " " + two(at.getHours()) + ":" + two(at.getMinutes());
  }

  function begin() {
    show("opening");
    var before = remembered();
    if (before) return ask(before);
    return send("/open", { code: code }).then(function (answer) {
      if (answer.problem) return refuse(answer.problem);
      remember(answer.data);
      ask(answer.data);
    });
  }
  // A page that is loaded again goes on with the ticket it has.
  function remembered() {
    try {
      return JSON.parse(sessionStorage.getItem(kept));
    } catch (error) {
      return null;
    }
  }
  function remember(found) {
    try {
      sessionStorage.setItem(kept, JSON.stringify(found));
    } catch (error) {
      // Private windows may refuse; then a reload needs a new scan.
    }
  }
  function ask(found) {
    opened = found;
    if (found.welcome) return welcome(found.welcome);
    fill({ event: found.event, session: found.session, start: moment(found.start_at), place: found.place });
    fill({ position_reason: found.position_reason, photo_reason: found.photo_reason });
    only({ in: found.direction === "in", out: found.direction === "out", pin: found.needs_pin });
    only({ position: found.position_reason !== "", photo: found.photo_reason !== "" });
    found.villages.forEach(function (village) {
      var option = document.createElement("option");
      option.value = village.name;
      option.textContent = village.label;
      form.elements.village.append(option);
    });
    choose(false);
    show("asking");
    form.elements.name.focus();
  }
  function choose(walkIn) {
    isWalkIn = walkIn;
    only({ expected: !walkIn, "walk-in": walkIn });
    document.getElementById("wrong").hidden = true;
  }
  function entered() {
    var of = form.elements;
    var body = { ticket: opened.ticket, name: of.name.value.trim(), pin: of.pin.value.trim(), is_walk_in: isWalkIn };
    body.phone = (isWalkIn ? of.whole : of.phone).value.trim();
    if (isWalkIn) {
      body.village = of.village.value;
      body.reason = of.reason.value.trim();
    }
    if (picture) body.photo = picture;
    return Object.assign(body, position);
  }
  function submit() {
    var button = form.querySelector("button.main");
    if (button.disabled) return;
    button.disabled = true;
    locate()
      .then(photograph)
      .then(function () {
        return send("", entered());
      })
      .then(function (answer) {
        button.disabled = false;
        if (answer.problem) return complain(answer.problem);
        remember(Object.assign({}, opened, { welcome: answer.data }));
        welcome(answer.data);
      });
  }
  function locate() {
    if (!opened.position_reason || !form.elements.position.checked || !navigator.geolocation) return Promise.resolve();
    return new Promise(function (done) {
      navigator.geolocation.getCurrentPosition(
        function (found) {
          position = { lat: found.coords.latitude, lon: found.coords.longitude };
          done();
        },
        function () {
          done();
        },
        { timeout: 8000, maximumAge: 60000 },
      );
    });
  }
  // Without a photo, or with one that can't be read, one checks in all the same.
  function photograph() {
    var file = opened.photo_reason ? form.elements.photo.files[0] : null;
    if (!file) return Promise.resolve();
    return (file.size <= PLENTY ? Promise.resolve(file) : shrink(file)).then(read).then(
      function (text) {
        picture = text;
      },
      function () {},
    );
  }
  function shrink(file) {
    return new Promise(function (done, fail) {
      var image = new Image();
      image.onerror = fail;
      image.onload = function () {
        var scale = Math.min(1, SIDE / Math.max(image.naturalWidth, image.naturalHeight));
        var canvas = document.createElement("canvas");
        canvas.width = Math.round(image.naturalWidth * scale);
        canvas.height = Math.round(image.naturalHeight * scale);
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(
          function (blob) {
            return blob ? done(blob) : fail();
          },
          "image/jpeg",
          0.7,
        );
      };
      image.src = URL.createObjectURL(file);
    });
  }
  function read(blob) {
    return new Promise(function (done, fail) {
      var reader = new FileReader();
      reader.onerror = fail;
      reader.onload = function () {
        done(String(reader.result).split(",")[1]);
      };
      reader.readAsDataURL(blob);
    });
  }
  function complain(problem) {
    if (problem.code === "ticket_over" || problem.code === "event_not_open") return refuse(problem);
    var place = document.getElementById("wrong");
    say(place, problem);
    place.hidden = false;
  }
  function refuse(problem) {
    try {
      sessionStorage.removeItem(kept);
    } catch (error) {
      // It wasn't kept then.
    }
    say(document.getElementById("why"), problem);
    document.getElementById("again").hidden = problem !== OFFLINE;
    show("refused");
  }
  function welcome(found) {
    fill({ name: found.name, unit: found.unit, at: moment(found.at), rank: found.place, event: opened.event });
    var isOut = opened.direction === "out";
    only({ again: found.is_again, first: !found.is_again && !isOut, left: !found.is_again && isOut, late: found.is_late });
    show("done");
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    submit();
  });
  document.getElementById("switch").addEventListener("click", function () {
    choose(!isWalkIn);
  });
  document.getElementById("again").addEventListener("click", begin);
  document.getElementById("language").addEventListener("click", function () {
    var root = document.documentElement;
    root.dataset.language = root.dataset.language === "zh" ? "en" : "zh";
    root.lang = root.dataset.language === "zh" ? "zh-CN" : "en";
  });
  addEventListener("hashchange", function () {
    location.reload();
  });
  begin();
})();
