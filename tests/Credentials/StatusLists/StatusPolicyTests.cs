using Credentials.StatusLists;

namespace Credentials.Tests.StatusLists;

/// <summary>Which copy of a list may be read, by the policy alone: times to the second, and what is said of one that may not.</summary>
public class StatusPolicyTests
{
    private const string Away = StatusListCodes.Unreachable;

    private static readonly DateTimeOffset s_now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);

    private static StatusPolicy Policy(bool online, int? maxAge = null, int maxStale = 0, int maxOfflineAge = 0) =>
        new(online ? StatusMode.Online : StatusMode.Offline, maxAge is { } age ? TimeSpan.FromSeconds(age) : null)
        {
            MaxStale = TimeSpan.FromSeconds(maxStale),
            MaxOfflineAge = TimeSpan.FromSeconds(maxOfflineAge),
        };

    [Theory]
    [InlineData(null, null, 3600)]
    [InlineData(null, 59, 60)]
    [InlineData(null, 61, 61)]
    [InlineData(null, 86401, 86400)]
    [InlineData(null, 86399, 86399)]
    [InlineData(0, 600, 0)]
    [InlineData(599, 600, 599)]
    [InlineData(601, 600, 600)]
    public void A_copy_is_fresh_for_the_shorter_of_the_policy_s_age_and_the_list_s_time_to_live(int? maxAge, int? timeToLive, int seconds) => Assert.Equal(
        TimeSpan.FromSeconds(seconds), Policy(true, maxAge).FreshFor(timeToLive is { } ttl ? TimeSpan.FromSeconds(ttl) : null));

    // Each line is the one above it with one thing changed. The list is fresh for 600 seconds.
    [Theory]
    [InlineData(true, null, 0, 0, 100_000, null, null)]
    [InlineData(true, null, 0, 0, 599, Away, null)]
    [InlineData(true, null, 0, 0, 600, Away, Away)]
    [InlineData(true, null, 60, 0, 600, Away, null)]
    [InlineData(true, null, 60, 0, 659, Away, null)]
    [InlineData(true, null, 60, 0, 660, Away, Away)]
    [InlineData(true, null, 0, 3600, 660, Away, null)]
    [InlineData(true, null, 0, 3600, 3599, Away, null)]
    [InlineData(true, null, 0, 3600, 3600, Away, StatusListCodes.CopyTooOld)]
    [InlineData(false, null, 0, 0, 100_000, null, null)]
    [InlineData(false, 900, 0, 0, 899, null, null)]
    [InlineData(false, 900, 0, 0, 900, null, StatusListCodes.Offline)]
    [InlineData(false, 900, 0, 0, 900, Away, Away)]
    [InlineData(false, 900, 60, 0, 959, null, null)]
    [InlineData(false, 900, 60, 0, 960, null, StatusListCodes.Offline)]
    [InlineData(false, 900, 0, 3600, 3599, null, null)]
    [InlineData(false, 900, 0, 3600, 3600, null, StatusListCodes.CopyTooOld)]
    public void A_copy_is_refused_for_its_age(bool online, int? maxAge, int maxStale, int maxOfflineAge, int age, string? failure, string? code)
    {
        var refusal = Policy(online, maxAge, maxStale, maxOfflineAge).RefuseForAge(TimeSpan.FromSeconds(age), TimeSpan.FromSeconds(600), failure);
        Assert.Equal(code is null ? null : new StatusResult(StatusOutcome.Unknown, code, TimeSpan.FromSeconds(age)), refusal);
    }

    [Theory]
    [InlineData(true, 0, null, null, StatusListCodes.TokenExpired, null)]
    [InlineData(true, 0, null, Away, Away, null)]
    [InlineData(true, 0, 60, Away, Away, null)]
    [InlineData(false, 0, null, null, StatusListCodes.Offline, null)]
    [InlineData(false, 0, 60, null, StatusListCodes.Offline, null)]
    [InlineData(false, 1, null, null, StatusListCodes.Offline, null)]
    [InlineData(false, 1, 60, null, StatusListCodes.TokenExpired, 60)]
    [InlineData(true, 1, 60, Away, StatusListCodes.TokenExpired, 60)]
    public void Without_a_list_it_is_said_why(bool online, int maxOfflineAge, int? age, string? failure, string code, int? saidAge)
    {
        static TimeSpan? Span(int? seconds) => seconds is { } value ? TimeSpan.FromSeconds(value) : null;
        Assert.Equal(new StatusResult(StatusOutcome.Unknown, code, Span(saidAge)), Policy(online, maxOfflineAge: maxOfflineAge).WithoutList(Span(age), failure));
    }

    [Theory]
    [InlineData(3600, 600, Away, StatusListCodes.CopyUsed)]
    [InlineData(3600, 599, Away, null)]
    [InlineData(3600, 600, null, null)]
    [InlineData(0, 600, Away, null)]
    public void A_copy_that_counts_only_for_want_of_the_network_is_marked(int maxOfflineAge, int age, string? failure, string? code)
    {
        var policy = Policy(true, maxOfflineAge: maxOfflineAge);
        StatusResult Mark(StatusResult read) => policy.Mark(read, TimeSpan.FromSeconds(age), TimeSpan.FromSeconds(600), failure);
        Assert.Equal(new StatusResult(StatusOutcome.Valid, code), Mark(new StatusResult(StatusOutcome.Valid)));
        // What is said already, and what is not valid, stays as it is.
        Assert.Equal(new StatusResult(StatusOutcome.Valid, StatusListCodes.Message), Mark(new StatusResult(StatusOutcome.Valid, StatusListCodes.Message)));
        Assert.Equal(new StatusResult(StatusOutcome.Revoked, StatusListCodes.Revoked), Mark(new StatusResult(StatusOutcome.Revoked, StatusListCodes.Revoked)));
    }

    [Fact]
    public async Task What_is_known_of_a_list_is_settled_while_it_is_fresh_or_has_just_failed()
    {
        using var agency = new Agency("Agency", s_now);
        var token = StatusListToken.Parse(await agency.TokenAsync("https://agency.example/1", s_now));
        var policy = Policy(true);
        var fresh = new CachedStatusList { Token = token, CheckedAt = s_now, FetchedAt = s_now };
        var failed = CachedStatusList.Nothing with { FailureCode = Away, FailedAt = s_now };

        Assert.False(CachedStatusList.Nothing.IsSettled(policy, s_now));
        foreach (var (seconds, settled) in new[] { (-600, false), (-599, false), (0, true), (599, true), (600, false) })
            Assert.Equal(settled, fresh.IsSettled(policy, s_now.AddSeconds(seconds)));
        foreach (var (seconds, settled) in new[] { (-30, false), (-29, true), (0, true), (29, true), (30, false) })
            Assert.Equal(settled, failed.IsSettled(policy, s_now.AddSeconds(seconds)));
        Assert.False((failed with { FailureCode = null }).IsSettled(policy, s_now));
        Assert.Same(token, fresh.UsableToken(s_now.AddDays(1).AddSeconds(-1)));
        Assert.Null(fresh.UsableToken(s_now.AddDays(1)));
    }

    // Several places: an mdoc may name a status list and an identifier list, a W3C credential several entries.
    [Theory]
    [InlineData("valid 10", CheckOutcome.Passed, null, 10)]
    [InlineData("valid 10, valid 20", CheckOutcome.Passed, null, 20)]
    [InlineData("valid 20, valid 10", CheckOutcome.Passed, null, 20)]
    [InlineData("valid 20 note, valid 10", CheckOutcome.Passed, "note", 20)]
    [InlineData("valid 10 note, valid 20", CheckOutcome.Passed, "note", 20)]
    [InlineData("valid 10, valid 20 note", CheckOutcome.Passed, "note", 20)]
    [InlineData("valid 20, valid 10 note", CheckOutcome.Passed, "note", 20)]
    [InlineData("valid 10 note, valid 20 other", CheckOutcome.Passed, "other", 20)]
    [InlineData("valid 20 note, valid 10 other", CheckOutcome.Passed, "note", 20)]
    [InlineData("valid 20, unknown 10 away", CheckOutcome.Indeterminate, "away", 10)]
    [InlineData("unknown 10 away, valid 20", CheckOutcome.Indeterminate, "away", 10)]
    [InlineData("unknown 10 away, unknown 20 gone", CheckOutcome.Indeterminate, "away", 10)]
    [InlineData("unknown 10 away, revoked 20 revoked", CheckOutcome.Failed, "revoked", 20)]
    [InlineData("revoked 20 revoked, unknown 10 away", CheckOutcome.Failed, "revoked", 20)]
    [InlineData("valid 10, suspended 20 suspended", CheckOutcome.Failed, "suspended", 20)]
    [InlineData("refused 10 refused, revoked 20 revoked", CheckOutcome.Failed, "refused", 10)]
    public async Task The_first_place_that_says_not_valid_decides_else_one_that_says_nothing_else_the_oldest(string places, CheckOutcome outcome, string? code, int age)
    {
        static StatusResult Read(string place)
        {
            var words = place.Split(' ');
            return new StatusResult(Enum.Parse<StatusOutcome>(words[0], ignoreCase: true), words.ElementAtOrDefault(2), TimeSpan.FromSeconds(int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture)));
        }

        var (recorder, asked) = (new CheckRecorder([StatusCheck.Id], [StatusCheck.Id]), 0);
        await StatusCheck.RecordAllAsync(recorder, places.Split(", "), place => Task.FromResult(Read(place)).ContinueWith(
            task => { asked++; return task.Result; }, TaskScheduler.Default), "§1");

        var check = Assert.Single(recorder.Checks);
        Assert.Equal((outcome, code, TimeSpan.FromSeconds(age)), (check.Outcome, check.Code, check.Age));
        // Nobody is asked after the answer is known.
        Assert.Equal(places.StartsWith("re", StringComparison.Ordinal) ? 1 : places.Split(", ").Length, asked);
    }
}
