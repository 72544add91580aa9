// What several processes did with one store at the same time, and whether the answers they got fit together.
//
// Each call took effect at some instant between its beginning and its end. The answers fit if some order of
// these instants explains all of them: who was told "you are the last one" was alone then, who was told
// "somebody else has it" was not. A process that was killed let go at some instant until it was gone.

#ifndef HISTORY_HPP
#define HISTORY_HPP

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <set>
#include <utility>
#include <vector>

/** Something that took effect at one instant from `begin` to `end`, in nanoseconds. */
struct Step {
    enum Kind {
        OPENS,   // from now on it counts
        IS_LAST, // nobody else counts
        IS_NOT,  // somebody else does; it counts no longer
        GOES     // it counts no longer
    };
    Kind kind;
    int64_t begin, end;
};

/** The steps that concern one store, in as many lanes as there are processes at a time. */
template <size_t LANES>
class History {
public:
    void add(size_t lane, Step::Kind kind, int64_t begin, int64_t end) {
        lanes[lane].push_back(Step{kind, begin, end});
    }

    /** Looks for an order that explains every step, the likely ones first; remembers where it has been. */
    bool can_be_explained() {
        std::set<Place> seen;
        std::vector<std::pair<Place, long>> open{{Place(), 0}};
        while (!open.empty()) {
            Place place = open.back().first;
            long count = open.back().second;
            open.pop_back();
            if (!seen.insert(place).second)
                continue;
            if (sum(place) > sum(furthest))
                furthest = place;
            std::vector<size_t> next = may_be_next(place);
            if (next.empty())
                return true;
            for (size_t lane : next) {
                const Step &step = lanes[lane][place[lane]];
                if (!is_possible(step.kind, count))
                    continue;
                Place after = place;
                ++after[lane];
                open.emplace_back(after, count + change(step.kind));
            }
        }
        return false;
    }

    /** Where the explanation came to its end. */
    void print() const {
        static const char *const names[] = {"opens", "is last", "is not last", "goes"};
        for (size_t lane = 0; lane < LANES; ++lane)
            for (size_t at = furthest[lane] > 3 ? furthest[lane] - 3 : 0;
                 at < lanes[lane].size() && at < furthest[lane] + 3; ++at)
                fprintf(stderr, "  process %zu %c %-11s %lld to %lld\n", lane,
                        at < furthest[lane] ? ' ' : '!', names[lanes[lane][at].kind],
                        static_cast<long long>(lanes[lane][at].begin),
                        static_cast<long long>(lanes[lane][at].end));
    }

private:
    /** How many steps of each lane have been taken. */
    typedef std::array<uint32_t, LANES> Place;
    std::array<std::vector<Step>, LANES> lanes;
    Place furthest = Place();

    static size_t sum(const Place &place) {
        size_t all = 0;
        for (uint32_t taken : place)
            all += taken;
        return all;
    }
    static bool is_possible(Step::Kind kind, long count) {
        return kind == Step::OPENS || kind == Step::GOES || (kind == Step::IS_LAST) == (count == 1);
    }
    static long change(Step::Kind kind) {
        return kind == Step::OPENS ? 1 : kind == Step::IS_LAST ? 0 : -1;
    }

    /** The lanes whose next step began before any other's next had ended; the one that ended first comes last. */
    std::vector<size_t> may_be_next(const Place &place) const {
        int64_t first_end = INT64_MAX;
        for (size_t lane = 0; lane < LANES; ++lane)
            if (place[lane] < lanes[lane].size())
                first_end = std::min(first_end, lanes[lane][place[lane]].end);
        std::vector<size_t> next;
        for (size_t lane = 0; lane < LANES; ++lane)
            if (place[lane] < lanes[lane].size() && lanes[lane][place[lane]].begin <= first_end)
                next.push_back(lane);
        std::sort(next.begin(), next.end(), [&](size_t a, size_t b) {
            return lanes[a][place[a]].end > lanes[b][place[b]].end;
        });
        return next;
    }
};

#endif
