"""The Chroma directory of a corpus: one client for each directory and process, reopened when others have written.

A `PersistentClient` keeps its index in memory and does not notice what another process adds (measured: none of 600
new vectors found until the client was opened again). So every write raises a generation number that is kept in the
corpus's SQLite file, and a client that is behind it is closed and opened anew, which takes 40 ms. Calls are made one
at a time: a query takes 4 ms at 100,000 vectors.
"""

from __future__ import annotations

import errno
import os
import shutil
import struct
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from factcheck.errors import CorpusError
from factcheck.redact import redacted

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateCollectionConfiguration
    from chromadb.api.models.Collection import Collection

MAX_BATCH = 5_000
"""Chroma refuses more ids than this in one call."""

_ROOM = 1 << 20
"""Bytes that must be free on the disk before anything is written."""

_HEADER = struct.Struct("<iQQQQ")
"""The beginning of hnswlib's header.bin: version, offset, room, elements, bytes of an element."""

_WRITTEN_SECONDS = 1.0
"""For so long a file of a graph may be shorter than its header says, while another process writes both."""

OPENING_SECONDS = 60
"""How long to wait for another process that is opening the same directory."""

_HNSW: CreateCollectionConfiguration = {
    "hnsw": {"space": "cosine", "ef_construction": 200, "ef_search": 200, "max_neighbors": 24}
}

Item = TypeVar("Item")
Metadata = Mapping[str, str | int]


class Near(NamedTuple):
    """A vector found: its id, the cosine similarity, and what is kept beside it."""

    id: str
    similarity: float
    metadata: Mapping[str, Any]


def written_behind(made: Iterable[Item], write: Callable[[Item], None]) -> Generator[Item, None, None]:
    """Writes each item in a second thread while the next one is made, in order, and yields it when it is written.

    At most two items wait. An error of `write` ends the making, and nothing after the item is written; an error of
    `made` is raised when everything made before it is written and yielded. Close the generator, or use it up.
    """
    waiting: deque[tuple[Item, Future[None]]] = deque()
    broken = threading.Event()

    def unless_broken(item: Item) -> None:
        if broken.is_set():
            return
        try:
            write(item)
        except BaseException:
            broken.set()
            raise

    stream, failed = iter(made), None
    with ThreadPoolExecutor(1, "writing") as pool:
        try:
            while True:
                try:
                    item = next(stream)
                except StopIteration:
                    break
                except Exception as error:
                    failed = error
                    break
                waiting.append((item, pool.submit(unless_broken, item)))
                while len(waiting) > 2 or (waiting and waiting[0][1].done()):
                    yield _written(waiting)
            while waiting:
                yield _written(waiting)
        finally:
            broken.set()
    if failed is not None:
        raise failed


def _written(waiting: deque[tuple[Item, Future[None]]]) -> Item:
    item, writing = waiting.popleft()
    writing.result()
    return item


class VectorFiles:
    """The collections of one Chroma directory, or of the server that has it. Get one from `vector_files`."""

    def __init__(self, directory: Path, server: str | None = None) -> None:
        self.directory = directory
        self.server = server
        self._lock = threading.RLock()
        self._client: Client | None = None
        self._collections: dict[str, Collection] = {}
        self._generation = -1
        self.users = 0
        self.careful = True
        """Whether a graph that would end the process is not opened; a process that is there to be ended opens it."""

    def names(self, generation: int) -> frozenset[str]:
        """The collections there are."""
        with self._chroma(generation) as client:
            return frozenset(collection.name for collection in client.list_collections())

    def create(self, name: str, metadata: Metadata, generation: int) -> None:
        """Make an empty collection, compared by cosine, unless there is one of that name."""
        with self._chroma(generation) as client:
            self._collections[name] = client.get_or_create_collection(
                name, configuration=_HNSW, metadata=dict(metadata), embedding_function=None
            )

    def drop(self, name: str, generation: int) -> None:
        """Delete a collection if there is one of that name."""
        with self._chroma(generation) as client:
            self._collections.pop(name, None)
            if name in {collection.name for collection in client.list_collections()}:
                client.delete_collection(name)

    def rename(self, old: str, new: str, generation: int) -> None:
        """Give a collection another name."""
        with self._chroma(generation):
            self._collection(old).modify(name=new)
            self._collections.clear()

    def metadata(self, name: str, generation: int) -> Mapping[str, Any]:
        """What is kept with a collection."""
        with self._chroma(generation):
            return self._collection(name).metadata or {}

    def count(self, name: str, generation: int) -> int:
        """How many vectors a collection holds."""
        with self._chroma(generation):
            return self._collection(name).count()

    def ids(self, name: str, generation: int) -> frozenset[str]:
        """Every id of a collection."""
        with self._chroma(generation):
            return frozenset(self._collection(name).get(include=[])["ids"])

    def entries(self, name: str, generation: int, ids: Sequence[str] | None = None) -> dict[str, Mapping[str, Any]]:
        """The ids of a collection, all or those of the ones named that it holds, with what is kept beside each."""
        parts = [None] if ids is None else [list(ids[i : i + MAX_BATCH]) for i in range(0, len(ids), MAX_BATCH)]
        kept: dict[str, Mapping[str, Any]] = {}
        with self._chroma(generation):
            for part in parts:
                found = self._collection(name).get(ids=part, include=["metadatas"])
                kept.update(zip(found["ids"], found["metadatas"] or [], strict=True))
        return kept

    def compared(self, name: str, ids: Sequence[str], vector: NDArray[np.float32], generation: int) -> tuple[Near, ...]:
        """Those ids that the collection holds, each with its exact cosine similarity to a unit vector."""
        if not ids:
            return ()
        with self._chroma(generation):
            found = self._collection(name).get(ids=list(ids), include=["embeddings", "metadatas"])
        stored, metadatas = found["embeddings"], found["metadatas"]
        if stored is None or metadatas is None:
            return ()
        return tuple(
            Near(key, float(np.asarray(one, np.float32) @ vector), metadata or {})
            for key, one, metadata in zip(found["ids"], stored, metadatas, strict=True)
        )

    def upsert(
        self,
        name: str,
        ids: Sequence[str],
        vectors: NDArray[np.float32],
        metadatas: Sequence[Metadata],
        generation: int,
    ) -> None:
        """Add vectors, replacing those whose id is there already (`add` would silently keep the old ones)."""
        with self._chroma(generation):
            self._see_that_there_is_room(8 * vectors.nbytes)
            collection = self._collection(name)
            for i in range(0, len(ids), MAX_BATCH):
                part = slice(i, i + MAX_BATCH)
                collection.upsert(
                    ids=list(ids[part]), embeddings=vectors[part], metadatas=[dict(m) for m in metadatas[part]]
                )

    def delete(self, name: str, ids: Iterable[str], generation: int) -> None:
        """Remove vectors; an id that is not there is passed over."""
        gone = list(ids)
        with self._chroma(generation):
            self._see_that_there_is_room()
            for i in range(0, len(gone), MAX_BATCH):
                self._collection(name).delete(ids=gone[i : i + MAX_BATCH])

    def nearest(self, name: str, vector: NDArray[np.float32], k: int, generation: int) -> tuple[Near, ...]:
        """The `k` nearest vectors, nearest first; fewer where the collection holds fewer."""
        return self.nearest_to_each(name, vector[np.newaxis], k, generation)[0]

    def nearest_to_each(
        self, name: str, vectors: NDArray[np.float32], k: int, generation: int, *, bare: bool = False
    ) -> tuple[tuple[Near, ...], ...]:
        """The same for each of many vectors, shape `(n, dimension)`, in one query.

        Args:
            name: the collection.
            vectors: unit vectors.
            k: how many at most for each.
            generation: as it is now.
            bare: without what is kept beside each vector, which costs as much again as finding it.
        """
        with self._chroma(generation):
            if not len(vectors):
                return ()
            # To ask for more than there is gives all there is; to count first costs as much as a query.
            found = self._collection(name).query(
                query_embeddings=vectors, n_results=k, include=["distances"] if bare else ["distances", "metadatas"]
            )
        distances = found["distances"] or []
        metadatas = found["metadatas"] or [[{}] * len(ids) for ids in found["ids"]]
        return tuple(
            tuple(
                Near(key, 1.0 - float(distance), metadata or {}) for key, distance, metadata in zip(*parts, strict=True)
            )
            for parts in zip(found["ids"], distances, metadatas, strict=True)
        )

    def vectors(self, name: str, ids: Sequence[str], generation: int) -> dict[str, NDArray[np.float32]]:
        """The vectors of those ids that the collection holds."""
        with self._chroma(generation):
            found = self._collection(name).get(ids=list(ids), include=["embeddings"])
        stored = found["embeddings"]
        if stored is None:
            return {}
        # Copies: a view of one row would keep all of them in memory.
        return {key: np.array(vector, np.float32) for key, vector in zip(found["ids"], stored, strict=True)}

    def wrote(self, before: int, after: int) -> None:
        """This process's own write has raised the generation: a client that was up to date still is."""
        with self._lock:
            if self._generation == before:
                self._generation = after

    def close(self) -> None:
        """Close the files; they open again when they are next used."""
        with self._lock:
            if self._client is not None:
                self._client.close()
            self._client = None
            self._collections.clear()

    def _see_that_there_is_room(self, size: int = 0) -> None:
        """Sees that so many bytes and some more can be written: where a write fails, Chroma may wait for ever
        (measured on a full disk: one `upsert` in ten never came back).

        Raises:
            OSError: they cannot.
        """
        if self.server is not None:
            return
        if shutil.disk_usage(self.directory).free < size + _ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        with tempfile.TemporaryFile(dir=self.directory) as trial:
            trial.write(bytes(4_096))

    def _collection(self, name: str) -> Collection:
        if name not in self._collections:
            assert self._client is not None
            self._collections[name] = self._client.get_collection(name, embedding_function=None)
        return self._collections[name]

    @contextmanager
    def _opening(self) -> Iterator[None]:
        """One process at a time: the first client of a directory makes Chroma's tables, and two at once collide."""
        from filelock import FileLock

        if not os.access(self.directory.parent, os.W_OK):  # a corpus for reading only, which was made before
            yield
            return
        with FileLock(self.directory.with_name("opening.lock"), timeout=OPENING_SECONDS):
            yield

    @contextmanager
    def _chroma(self, generation: int) -> Iterator[Client]:
        """The client, up to date, with nobody else using it; Chroma's errors become sentences."""
        import chromadb
        from chromadb.config import Settings
        from chromadb.errors import ChromaError

        if self.server is not None:
            with self._served(self.server) as served:
                yield served
            return
        with self._lock:
            try:
                if generation != self._generation:
                    self.close()
                if self._client is None:
                    if self.careful:
                        _see_that_it_is_whole(self.directory)
                    with self._opening():
                        place, plain = str(self.directory), Settings(anonymized_telemetry=False)
                        try:
                            client = chromadb.PersistentClient(place, plain)
                        except AttributeError:  # Chroma keeps what once failed to start, and drops it at this error.
                            client = chromadb.PersistentClient(place, plain)
                    self._client = cast("Client", client)
                    self._generation = generation
                yield self._client
            except (ChromaError, OSError) as error:
                raise CorpusError(
                    f"The vectors in {self.directory} cannot be used ({error})."
                    " If the disk is neither full nor write-protected, build them again:"
                    " factcheck corpus doctor --repair."
                ) from error

    @contextmanager
    def _served(self, server: str) -> Iterator[Client]:
        """The client of a server, which sees everybody's writes and takes several calls at once."""
        import chromadb
        from chromadb.config import Settings

        url = urlsplit(server)
        try:
            with self._lock:
                if self._client is None:
                    host, port = url.hostname or "localhost", url.port or (443 if url.scheme == "https" else 8000)
                    plain = Settings(anonymized_telemetry=False)
                    made: Any = chromadb.HttpClient(host, port, ssl=url.scheme == "https", settings=plain)
                    self._client = made
            yield self._client
        except CorpusError:
            raise
        except Exception as error:  # of the HTTP library, whichever it is, of Chroma, or a plain ValueError
            place = f"{url.scheme}://{url.hostname}{f':{url.port}' if url.port else ''}"
            raise CorpusError(
                f"The Chroma server at {place} cannot be used ({redacted(str(error))}). Check that it runs"
                f" (chroma run --path {self.directory}) and that FACTCHECK_CHROMA_URL is its address."
            ) from error


def _see_that_it_is_whole(directory: Path) -> None:
    """Sees that no file of a graph is shorter than its header says: reading such a one ends the process (SIGSEGV).

    Raises:
        OSError: one is; for as long as a writer may take to write it, it is looked at again.
    """
    until = time.monotonic() + _WRITTEN_SECONDS
    while short := next((found for graph in directory.glob("*/header.bin") if (found := _short(graph.parent))), None):
        if time.monotonic() > until:
            raise OSError(f"{short} is shorter than it says")
        time.sleep(0.05)


def _short(graph: Path) -> str | None:
    """The file of a graph that is too short, if one is."""
    try:
        head = (graph / "header.bin").read_bytes()[: _HEADER.size]
        if len(head) < _HEADER.size:
            return "header.bin"
        _, _, _, elements, each = _HEADER.unpack(head)
        wanted = {"data_level0.bin": elements * each, "length.bin": elements * 4}
        return next((name for name, size in wanted.items() if (graph / name).stat().st_size < size), None)
    except FileNotFoundError:  # it is being written or deleted, which Chroma looks after itself
        return None


_open: dict[tuple[Path, str | None], VectorFiles] = {}
_open_lock = threading.Lock()


def vector_files(directory: Path, server: str | None = None) -> VectorFiles:
    """The vectors of a directory, shared by everybody in this process who has it open; give it to `release`.

    Args:
        directory: Chroma's own.
        server: the address of a Chroma server that has this directory; None opens the files.
    """
    with _open_lock:
        key = directory.resolve()
        files = _open.setdefault((key, server), VectorFiles(key, server))
        files.users += 1
        return files


def release(files: VectorFiles) -> None:
    """One user fewer; the last one closes the files."""
    with _open_lock:
        files.users -= 1
        if files.users == 0:
            _open.pop((files.directory, files.server), None)
            files.close()
