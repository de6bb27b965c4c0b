using System.Net;
using System.Text.Json;
using NUnit.Framework;

namespace ClientFailover.Conformance.Rest;

/// <summary>A reply to a REST call.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Body">Its body.</param>
/// <param name="Message">All of it.</param>
internal sealed record Reply(HttpStatusCode Status, string Body, HttpResponseMessage Message)
{
    /// <summary>The only value of a header; null: there is none.</summary>
    /// <param name="header">Its name.</param>
    /// <returns>The value.</returns>
    public string? Header(string header) =>
        Message.Headers.TryGetValues(header, out var values) || Message.Content.Headers.TryGetValues(header, out values)
            ? values.Single()
            : null;

    /// <summary>The body as JSON.</summary>
    /// <returns>Its root.</returns>
    public JsonElement Json() => JsonDocument.Parse(Body).RootElement;

    /// <summary>Asserts a success and the very bytes of its body.</summary>
    /// <param name="status">The status.</param>
    /// <param name="body">The body.</param>
    public void MustBe(int status, string body)
    {
        Assert.That(((int)Status, Body), Is.EqualTo((status, body)));
        Assert.That(Header("Content-Type"), Is.EqualTo("application/json; charset=utf-8"));
    }

    /// <summary>Asserts a success without a body.</summary>
    public void IsNoContent()
    {
        Assert.That(((int)Status, Body), Is.EqualTo((204, "")));
        Assert.That(Message.Content.Headers.ContentType, Is.Null);
    }

    /// <summary>Asserts an error and the very bytes of its body.</summary>
    /// <param name="status">The status.</param>
    /// <param name="code">Its stable reason.</param>
    /// <param name="error">What failed.</param>
    /// <param name="reason">Why.</param>
    /// <param name="resolution">What to do.</param>
    public void IsError(int status, string code, string error, string reason, string resolution)
    {
        Assert.That((int)Status, Is.EqualTo(status), Body);
        var operation = Json().GetProperty("OperationId").GetString();
        Assert.That(operation, Does.Match("^[0-9a-f]{32}$"));
        Assert.That(
            Body,
            Is.EqualTo(
                $"{{\"OperationId\":\"{operation}\",\"Error\":\"{error}\",\"Reason\":\"{reason}\",\"Resolution\":\"{resolution}\","
                + $"\"AdditionalParameters\":{{\"Code\":\"{code}\"}}}}"));
        Assert.That(Header("Content-Type"), Is.EqualTo("application/json; charset=utf-8"));
    }

    /// <summary>Asserts that the request was refused as not valid.</summary>
    /// <param name="reason">What it says of the members.</param>
    public void IsInvalid(string reason) => IsError(
        400,
        "REQUEST_INVALID",
        "The request is not valid.",
        reason,
        "Correct the request; the documentation names every member and what it allows.");

    /// <summary>Asserts that there is no such group.</summary>
    /// <param name="group">Its id.</param>
    public void IsNoGroup(string group) => IsError(
        404,
        "GROUP_NOT_FOUND",
        $"Group '{group}' was not found.",
        "The namespace has no group with this id.",
        "Create the group first, or correct the id.");

    /// <summary>Asserts that there is no such session.</summary>
    /// <param name="group">The group's id.</param>
    /// <param name="session">Its id.</param>
    public void IsNoSession(string group, string session) => IsError(
        404,
        "SESSION_NOT_FOUND",
        $"Session '{session}' of group '{group}' was not found.",
        "No session with this id is registered in the group: it never was, or it was deleted.",
        "Register the session, or correct the id.");

    /// <summary>Asserts that the body could not be read at all.</summary>
    /// <param name="reason">Why.</param>
    public void IsUnreadable(string reason) => IsError(
        400,
        "REQUEST_UNREADABLE",
        "The request cannot be read.",
        reason,
        "Correct the request; the documentation names every member and what it allows.");
}
