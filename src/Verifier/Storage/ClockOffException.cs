namespace Credentials.Verifier.Storage;

/// <summary>There is no time: this replica's clock is off. No fault of a request, so none of the errors that requests are refused with.</summary>
internal sealed class ClockOffException() : Exception("The clock of this replica is off.");
