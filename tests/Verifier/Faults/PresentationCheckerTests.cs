namespace Credentials.Verifier.Tests.Faults;

/// <summary>The checker finds nothing in a good history, and what is wrong in each that differs from it in one thing.</summary>
public sealed class PresentationCheckerTests
{
    [Fact]
    public void A_good_history_passes() => Assert.Empty(Found(_ => { }, [], []));

    [Theory]
    [InlineData("2 answers to a were taken")]
    [InlineData("the answer to c was taken, and it is cancelled")]
    [InlineData("the answer to d was taken, and it is lost")]
    [InlineData("c was accepted and is cancelled")]
    [InlineData("b is accepted, and nobody has answered it")]
    [InlineData("b is expired, which nothing made it")]
    [InlineData("the end of d was not told")]
    [InlineData("a was told as accepted and cancelled")]
    [InlineData("500")]
    public void One_thing_that_is_wrong_is_found(string finding)
    {
        var found = finding switch
        {
            "2 answers to a were taken" => Found(history => history.Taken["a"] = 2, [], []),
            "the answer to c was taken, and it is cancelled" => Found(history => history.Taken["c"] = 1, [], []),
            "the answer to d was taken, and it is lost" => Found(history => history.Taken["d"] = 1, [], []),
            "c was accepted and is cancelled" => Found(history => history.Read["c"] = "accepted", [], []),
            "b is accepted, and nobody has answered it" => Found(_ => { }, [("b", "accepted")], [("b", "accepted")]),
            "b is expired, which nothing made it" => Found(_ => { }, [("b", "expired")], [("b", "expired")]),
            "the end of d was not told" => Found(_ => { }, [("d", "cancelled")], []),
            "a was told as accepted and cancelled" => Found(_ => { }, [], [("a", "cancelled")]),
            _ => Found(history => history.Surprises.Enqueue("500"), [], []),
        };
        Assert.Contains(finding, found);
    }

    /// <summary>One that was accepted, one that was asked for only, one that was cancelled; and what differs.</summary>
    private static IReadOnlyList<string> Found(Action<PresentationHistory> alter, (string Id, string State)[] transactions, (string Id, string State)[] told)
    {
        var history = new PresentationHistory();
        history.Sent["a"] = true;
        history.Taken["a"] = 1;
        (history.Read["a"], history.Read["c"]) = ("accepted", "cancelled");
        alter(history);
        var states = new Dictionary<string, string> { ["a"] = "accepted", ["b"] = "requested", ["c"] = "cancelled" };
        foreach (var (id, state) in transactions)
            states[id] = state;
        (string Id, string State)[] messages = [("a", "accepted"), ("a", "accepted"), ("c", "cancelled"), .. told];
        return PresentationChecker.Check(history, states, messages.ToLookup(message => message.Id, message => message.State));
    }
}
