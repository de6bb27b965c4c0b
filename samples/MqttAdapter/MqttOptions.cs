namespace ClientFailover.Samples.Mqtt;

/// <summary>The broker, and what to collect from it.</summary>
public sealed class MqttOptions
{
    /// <summary>Name or address of the broker.</summary>
    public string Host { get; set; } = "localhost";

    /// <summary>Its TCP port.</summary>
    public int Port { get; set; } = 1883;

    /// <summary>User; null (default): none.</summary>
    public string? UserName { get; set; }

    /// <summary>Password of that user.</summary>
    public string? Password { get; set; }

    /// <summary>
    /// Name of the session that the broker keeps for this adapter; default: <c>{machine}.MqttAdapter</c>. Each adapter has its own, the same
    /// after a restart: two with one name would throw each other out.
    /// </summary>
    public string ClientId { get; set; } = $"{Environment.MachineName}.MqttAdapter";

    /// <summary>How long the broker keeps the session, and what comes for it, while the adapter is away; default 1 h.</summary>
    public TimeSpan SessionExpiry { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Silence after which the broker is asked whether it is there; default 2 s.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long an answer of the broker is waited for; default 3 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The topics, each a stream; no wildcards.</summary>
    public IList<string> Topics { get; } = [];

    /// <summary>
    /// Topic on which the source tells its time after all values up to it; null: it does not. With it, a signal that is
    /// silent does not hold up what the other adapters may forget.
    /// </summary>
    public string? ClockTopic { get; set; }

    /// <summary>Id of the stream of a topic: the same on every adapter of the group.</summary>
    /// <param name="topic">The topic.</param>
    /// <returns>The id.</returns>
    public static string StreamOf(string topic) => "mqtt." + topic.Replace('/', '.');
}
