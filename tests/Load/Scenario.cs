namespace Credentials.Load;

/// <summary>Something that a client does with a service, from beginning to end.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Unit">What is counted.</param>
/// <param name="PerRun">How many of them one run makes.</param>
/// <param name="Goal">What is to be reached, in words.</param>
/// <param name="RunAsync">One run; throws when an answer is not the right one.</param>
internal sealed record Scenario(string Name, string Unit, int PerRun, string Goal, Func<CancellationToken, Task> RunAsync)
{
    /// <summary>Makes what so many runs use up, before they are measured; null: nothing.</summary>
    internal Func<int, Task>? PrepareAsync { get; init; }
}
