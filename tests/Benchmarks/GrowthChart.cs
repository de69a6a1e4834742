namespace Credentials.Benchmarks;

/// <summary>What is drawn in one plot.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="File">The name of its file, without extension.</param>
/// <param name="Unit">What the sizes count.</param>
/// <param name="Series">The lines.</param>
internal sealed record GrowthChart(string Title, string File, string Unit, IReadOnlyList<GrowthSeries> Series);
