namespace Credentials.Issuer.Status;

/// <summary>Runs the publisher while this replica is elected.</summary>
internal sealed class StatusPublishing(PublisherElection election, StatusPublisher publisher) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => election.RunAsync(publisher.PublishChangesAsync, stoppingToken);
}
